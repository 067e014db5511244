import {
  createChannelFold,
  followChannel,
  type Channel,
  type ChannelFold,
  type Channels,
} from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { startRedis } from '@holdfast/testing/redis-server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openFleet } from './faults/fleet.ts';
import { buildGateway } from './faults/gateway-process.ts';
import { readAll } from './faults/stored.ts';
import { openStore, type Store } from './faults/store.ts';

const SESSIONS = 100;
const APPENDS = 10_000;
/** Of each publisher in each session. */
const DELTAS = APPENDS / SESSIONS / 2;
/** A publisher's appends on their way at a time in each session. */
const AHEAD = 5;

const STORES: Readonly<Record<string, () => Promise<Store>>> = {
  async redis() {
    const server = await startRedis();
    onTestFinished(() => server.close());
    return { engine: 'redis', timing: 'usual', library: 'ioredis', url: server.url };
  },
  async postgres() {
    const cluster = await startCluster();
    onTestFinished(() => cluster.close());
    return { engine: 'postgres', timing: 'usual', url: cluster.url };
  },
};

const nameOf = (session: number): string => `session ${session}`;
const deltaOf = (id: string, index: number): string => `${id}:${index};`;

/** Streams one message into a session. */
async function publish(channel: Channel, id: string): Promise<void> {
  const [created] = await channel.publish({ action: 'create', draft: { id, name: 'note', data: '' } });
  if (created === undefined) throw new Error('A create has a receipt.');
  const { serial } = created;
  let offset = 0;
  for (let index = 0; index < DELTAS; index += AHEAD)
    await Promise.all(
      Array.from({ length: Math.min(AHEAD, DELTAS - index) }, (_, ahead) => {
        const data = deltaOf(id, index + ahead);
        offset += data.length;
        return channel.publish({ action: 'append', serial, data, offset: offset - data.length });
      }),
    );
}

async function follow(channels: Channels): Promise<readonly ChannelFold[]> {
  return Promise.all(
    Array.from({ length: SESSIONS }, async (_, session) => {
      const fold = createChannelFold();
      const following = followChannel(channels.channel(nameOf(session)), (event) => {
        if (event.kind === 'page') for (const message of event.messages) fold.add(message);
        if (event.kind === 'delivery' && fold.apply(event.delivery).missing !== undefined)
          throw new Error('Text came without its base.');
        if (event.kind === 'gap') throw new Error('Something was lost.');
      });
      await following.ready;
      return fold;
    }),
  );
}

async function contentOf(store: Engine): Promise<readonly unknown[]> {
  return Promise.all(Array.from({ length: SESSIONS }, (_, session) => readAll(store, nameOf(session))));
}

for (const [name, open] of Object.entries(STORES))
  it(`I1 I3 ${name}: two publishers on two gateways, ${APPENDS} interleaved appends to ${SESSIONS} sessions, and all fold to what is stored`, async () => {
    const at = await open();
    const program = await buildGateway();
    const store = await openStore(at);
    const fleet = await openFleet(2, () => program.start(at));
    // In turn: a publisher and a reader on each gateway.
    const readers = [fleet.connect('reader 0', 0), fleet.connect('reader 1', 40)];
    const folds: (readonly ChannelFold[])[] = [];
    for (const reader of readers) folds.push(await follow(reader));
    const publishers = [fleet.connect('ada', 0), fleet.connect('bob', 0)];
    onTestFinished(async () => {
      await Promise.all([...readers, ...publishers].map((channels) => channels.close()));
      await fleet.close();
      await store.close();
      program.remove();
    });

    await Promise.all(
      publishers.flatMap((channels, who) =>
        Array.from({ length: SESSIONS }, (_, session) =>
          publish(channels.channel(nameOf(session)), `${who}`),
        ),
      ),
    );
    const stored = await contentOf(store);
    for (const messages of stored)
      expect(messages).toMatchObject(
        expect.arrayContaining(
          ['0', '1'].map((id) =>
            expect.objectContaining({
              id,
              data: Array.from({ length: DELTAS }, (_, index) => deltaOf(id, index)).join(''),
            }),
          ),
        ),
      );
    for (const fold of folds)
      await vi.waitFor(() => expect(fold.map((each) => each.messages())).toEqual(stored), {
        timeout: 20_000,
        interval: 50,
      });
    expect(fleet.complaints).toBe('');
  }, 300_000);
