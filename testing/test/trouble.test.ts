import { createChannelFold, followChannel, type Channel, type Channels } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { openPostgresEngine } from '@holdfast/postgres';
import { createRedisEngine } from '@holdfast/redis';
import { serve } from '@holdfast/server';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { startRedis } from '@holdfast/testing/redis-server';
import { createWebSocketChannels } from '@holdfast/websocket';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished, vi } from 'vitest';
import WebSocket from 'ws';

// What a client of a gateway sees of a store in trouble: a typed error, nothing acknowledged that isn't stored, and a
// connection and subscriptions that outlast it.

interface Seen {
  readonly channels: Channels;
  readonly channel: Channel;
  /** What a subscription has made of the channel. */
  readonly heard: () => readonly string[];
  /** What the gateway has logged. */
  readonly log: () => readonly unknown[];
}

const note = (id: string) => ({ action: 'create', draft: { id, name: 'note', data: '' } }) as const;

async function idsOf(channel: Channel): Promise<readonly string[]> {
  return (await channel.history()).messages.map(({ id }) => id);
}

/** A client of a gateway over this engine. */
async function seenThrough(engine: Engine): Promise<Seen> {
  const logged: unknown[] = [];
  const gateway = await serve({
    engine,
    authenticate: () => ({ clientId: 'ada', capabilities: { '*': ['*'] } }),
    port: 0,
    host: '127.0.0.1',
    logger: { info() {}, warn() {}, error: (fields) => void logged.push(fields) },
  });
  const channels = createWebSocketChannels({ url: `ws://127.0.0.1:${gateway.port}/holdfast`, WebSocket });
  onTestFinished(async () => {
    await channels.close();
    await gateway.close({ drainMs: 0 });
    await engine.close();
  });
  const channel = channels.channel('c');
  const fold = createChannelFold();
  const following = followChannel(channel, (event) => {
    if (event.kind === 'page') for (const message of event.messages) fold.add(message);
    if (event.kind === 'delivery') fold.apply(event.delivery);
  });
  onTestFinished(() => following.close());
  following.ready.catch(() => {});
  return {
    channels,
    channel,
    heard: () => fold.messages().map(({ id }) => id),
    log: () => logged,
  };
}

async function openRedis(settings = {}, password?: string) {
  const server = await startRedis(settings);
  const open = (secret?: string): Redis => {
    const redis = new Redis(server.url, {
      retryStrategy: () => 20,
      ...(secret !== undefined && { password: secret }),
    });
    redis.on('error', () => {});
    return redis;
  };
  const [client, admin] = [open(password), open('right')];
  onTestFinished(async () => {
    client.disconnect();
    admin.disconnect();
    await server.close();
  });
  const engine = createRedisEngine({ client, timeoutMs: 500, headCheckMs: 100 });
  return { server, admin, ...(await seenThrough(engine)) };
}

/** It can be tried again, nothing is stored, and once the trouble is over all is well. */
async function refusesThenWorks(
  { channels, channel, heard }: Seen,
  { code, over }: { readonly code: unknown; readonly over: () => Promise<unknown> },
  before: readonly string[] = ['one'],
): Promise<void> {
  await expect(channel.publish(note('two'))).rejects.toMatchObject({
    name: 'ChannelError',
    code,
    retryable: true,
    message: expect.stringMatching(/\w{3,}.*\./),
  });
  expect(channels.connection.state.status).toBe('connected');
  await over();
  await vi.waitFor(() => channel.publish(note('two')), { timeout: 20_000, interval: 20 });
  expect(await idsOf(channel)).toEqual(['two', ...before]);
  await vi.waitFor(() => expect(heard()).toEqual([...before, 'two']), { timeout: 20_000 });
}

it('I7 I9 Redis out of memory', async () => {
  const seen = await openRedis();
  await seen.channel.publish(note('one'));
  await seen.admin.config('SET', 'maxmemory', '1');
  const over = (): Promise<unknown> => seen.admin.config('SET', 'maxmemory', '0');
  await refusesThenWorks(seen, { code: 'storage_full', over });
});

it('I7 I9 a read-only Redis', async () => {
  const seen = await openRedis();
  await seen.channel.publish(note('one'));
  await seen.admin.call('REPLICAOF', '127.0.0.1', '1');
  expect(await idsOf(seen.channel)).toEqual(['one']);
  await refusesThenWorks(seen, {
    code: 'unavailable',
    over: () => seen.admin.call('REPLICAOF', 'NO', 'ONE'),
  });
});

it('I7 I9 a Redis that is not there', async () => {
  const seen = await openRedis();
  await seen.channel.publish(note('one'));
  await seen.server.kill();
  await refusesThenWorks(seen, {
    code: expect.stringMatching(/^unavailable$|^unknown_outcome$/),
    over: () => seen.server.start(),
  });
});

it('I7 I9 a Redis that refuses the login of the gateway: no fault of its clients, and the log says why', async () => {
  const seen = await openRedis({ requirepass: 'right' }, 'wrong');
  await refusesThenWorks(
    seen,
    { code: 'unavailable', over: () => seen.admin.config('SET', 'requirepass', 'wrong') },
    [],
  );
  expect(seen.log()).toContainEqual(expect.objectContaining({ code: 'unauthenticated' }));
});

it('I9 a session of a newer version: unsupported, and other sessions work', async () => {
  const { admin, channels, channel } = await openRedis();
  await channel.publish(note('one'));
  await admin.hset('holdfast:{c}:s', 'v', '2');
  await expect(channel.publish(note('two'))).rejects.toMatchObject({
    name: 'ChannelError',
    code: 'unsupported',
    retryable: false,
    message: expect.stringContaining('newer'),
  });
  await channels.channel('d').publish(note('one'));
  expect(channels.connection.state.status).toBe('connected');
});

it('I7 I9 a read-only Postgres', async () => {
  const cluster = await startCluster();
  onTestFinished(() => cluster.close());
  const admin = cluster.pool({ max: 1 });
  // A connection for each use: what is set for the database holds from the next one on.
  const engine = await openPostgresEngine({ pool: cluster.pool({ maxUses: 1 }), retryMs: 500, pollMs: 100 });
  const seen = await seenThrough(engine);
  await seen.channel.publish(note('one'));
  const set = (value: string): Promise<unknown> =>
    admin.query(`ALTER ROLE holdfast SET default_transaction_read_only = ${value}`);
  await set('on');
  await refusesThenWorks(seen, {
    code: 'unavailable',
    over: async () => {
      await admin.query('SET default_transaction_read_only = off');
      await set('off');
    },
  });
});
