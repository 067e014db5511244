import {
  createChannelFold,
  followChannel,
  isChannelError,
  type Channel,
  type ChannelFold,
  type Message,
  type Operation,
  type Receipt,
} from '@holdfast/channel';
import { createEngineChannels, type Engine } from '@holdfast/channel/engine';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { openTcpProxy, type TcpProxy } from '@holdfast/testing/tcp-proxy';
import { expect, it, onTestFinished } from 'vitest';
import { createRedisEngine } from '../src/index.ts';
import { connect, LIBRARIES } from './clients.ts';
import { loseMessages } from './lose-messages.ts';
import { startRedis } from '@holdfast/testing/redis-server';

const ROUNDS = 50;
const WRITERS = 3;
const DELTAS = 15;
const PATIENCE_MS = 20_000;

const FAULTS = ['cut writers', 'cut readers', 'lose messages', 'restart', 'forget scripts'] as const;

/** What a reader makes of a channel, and what could not be placed though there was no gap. */
interface Reader {
  readonly fold: ChannelFold;
  readonly misplaced: string[];
  gaps: number;
  until(ready: (fold: ChannelFold) => boolean): Promise<void>;
  close(): void;
}

function read(channel: Channel): Reader {
  const fold = createChannelFold();
  const misplaced: string[] = [];
  let wake = (): void => {};
  const following = followChannel(channel, (event) => {
    if (event.kind === 'page') for (const message of event.messages) fold.add(message);
    if (event.kind === 'gap') {
      reader.gaps += 1;
      fold.apply({ kind: 'gap', position: '' as never });
    }
    if (event.kind === 'delivery' && fold.apply(event.delivery).missing !== undefined)
      misplaced.push(event.delivery.kind);
    wake();
  });
  const reader: Reader = {
    fold,
    misplaced,
    gaps: 0,
    async until(ready) {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        wake();
      }, PATIENCE_MS);
      while (!ready(fold) && !late) await new Promise<void>((resolve) => (wake = resolve));
      clearTimeout(timer);
    },
    close: () => following.close(),
  };
  return reader;
}

/** Publishes until there is a receipt. */
async function insist(channel: Channel, operation: Operation): Promise<Receipt> {
  for (;;) {
    try {
      const [receipt] = await channel.publish(operation);
      if (receipt !== undefined) return receipt;
    } catch (error) {
      if (!isChannelError(error) || !error.retryable) throw error;
    }
  }
}

async function answer(channel: Channel, id: string): Promise<void> {
  const { serial } = await insist(channel, { action: 'create', draft: { id, name: 'answer', data: '' } });
  for (let length = 0; length < DELTAS * 4; length += 4)
    await insist(channel, {
      action: 'append',
      serial,
      data: textOf(id).slice(length, length + 4),
      offset: length,
    });
}

function urlOf({ port }: TcpProxy): string {
  return `redis://127.0.0.1:${port}`;
}

function breakOff(network: TcpProxy): void {
  network.cut();
  network.restore();
}

function textOf(id: string): string {
  return `${id} \u{1f600}\0"é `.repeat(DELTAS).slice(0, DELTAS * 4);
}

async function listAll(engine: Engine, channel: string): Promise<readonly Message[]> {
  return (await engine.page(channel, { limit: 1000 })).messages.toReversed();
}

for (const library of Object.keys(LIBRARIES))
  it(`${library}: nothing is lost, doubled or silently missing, whatever breaks (${ROUNDS} rounds)`, async () => {
    const server = await startRedis();
    const [near, far] = [await openTcpProxy(server.port), await openTcpProxy(server.port)];
    const [writing, reading] = [await connect(library, urlOf(near)), await connect(library, urlOf(far))];
    const subscribing = await connect(library, urlOf(far));
    const lossy = loseMessages(subscribing.client);
    const admin = new Redis(server.url, { retryStrategy: () => 20 });
    admin.on('error', () => {});
    const options = { headCheckMs: 100, timeoutMs: 15_000 };
    const writers = createRedisEngine({ client: writing.client, ...options });
    const readers = createRedisEngine({ client: reading.client, subscriber: lossy.client, ...options });
    onTestFinished(async () => {
      await Promise.all([writers.close(), readers.close()]);
      for (const each of [writing, reading, subscribing]) each.close();
      admin.disconnect();
      await Promise.all([near.close(), far.close()]);
      await server.close();
    });

    const happen = async (fault: (typeof FAULTS)[number]): Promise<void> => {
      switch (fault) {
        case 'cut writers':
          return breakOff(near);
        case 'cut readers':
          return breakOff(far);
        case 'lose messages':
          return lossy.lose();
        case 'restart':
          await server.kill();
          return server.start();
        case 'forget scripts':
          return void (await admin.script('FLUSH'));
      }
    };

    const plan = fc.sample(
      fc.array(fc.record({ fault: fc.constantFrom(...FAULTS), after: fc.nat({ max: WRITERS * DELTAS }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      ROUNDS,
    );
    let gaps = 0;
    for (const [round, faults] of plan.entries()) {
      const name = `round ${round}`;
      const page = createEngineChannels(readers, { clientId: 'page' });
      const agent = createEngineChannels(writers, { clientId: 'agent' });
      const reader = read(page.channel(name));
      const ids = Array.from({ length: WRITERS }, (_, index) => `${name}-${index}`);
      const answers = Promise.all(ids.map((id) => answer(agent.channel(name), id)));
      // Whatever fails is seen where it is waited for.
      answers.catch(() => {});
      const written = (fold: ChannelFold): number =>
        fold.messages().reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length / 4 : 0), 0);
      for (const { fault, after } of faults.toSorted((a, b) => a.after - b.after)) {
        await reader.until((fold) => written(fold) >= after);
        await happen(fault);
      }
      await answers;

      const log = await listAll(writers, name);
      expect(Object.fromEntries(log.map(({ id, data }) => [id, data]))).toEqual(
        Object.fromEntries(ids.map((id) => [id, textOf(id)])),
      );
      expect(log).toHaveLength(ids.length);
      await reader.until((fold) => JSON.stringify(fold.messages()) === JSON.stringify(log));
      expect(reader.fold.messages()).toEqual(log);
      expect(reader.misplaced).toEqual([]);
      gaps += reader.gaps;
      reader.close();
      await Promise.all([page.close(), agent.close()]);
    }
    expect(lossy.lost).toBeGreaterThan(0);
    console.log(`${library}: ${lossy.lost} messages lost on the way, ${gaps} gaps told`);
  }, 120_000);
