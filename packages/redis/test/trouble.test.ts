import { Redis } from 'ioredis';
import type { Engine } from '@holdfast/channel/engine';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedisEngine } from '../src/index.ts';
import { ada, append, create, idsOf } from '@holdfast/testing/acts';
import { connect, LIBRARIES, unconnected } from './clients.ts';
import { freePort } from '@holdfast/testing/free-port';
import { startRedis, type RedisServer, type RedisSettings } from '@holdfast/testing/redis-server';

/** A server, and an administrator's connection to it. */
async function serve(settings: RedisSettings = {}): Promise<{ server: RedisServer; admin: Redis }> {
  const server = await startRedis({ appendonly: 'no', ...settings });
  const { requirepass } = settings;
  const admin = new Redis(server.url, {
    retryStrategy: () => 20,
    ...(requirepass && { password: requirepass }),
  });
  admin.on('error', () => {});
  onTestFinished(async () => {
    admin.disconnect();
    await server.close();
  });
  return { server, admin };
}

async function open(library: string, url: string): Promise<Engine> {
  const connection = await connect(library, url);
  const engine = createRedisEngine({ client: connection.client, timeoutMs: 1000 });
  onTestFinished(async () => {
    await engine.close();
    connection.close();
  });
  return engine;
}

describe.each(Object.keys(LIBRARIES))('%s', (library) => {
  it('Redis out of memory: storage_full, nothing is stored, and it works on when there is room', async () => {
    const { server, admin } = await serve();
    const engine = await open(library, server.url);
    const { serial } = await create(engine, 'c', 'one', 'a');
    await admin.config('SET', 'maxmemory', '1');
    const change = engine.commit('c', ada, [append(serial, 1, 'b')]);
    await expect(change).rejects.toMatchObject({ code: 'storage_full', retryable: true });
    expect((await engine.message('c', serial))?.data).toBe('a');
    await admin.config('SET', 'maxmemory', '0');
    await engine.commit('c', ada, [append(serial, 1, 'b')]);
    expect((await engine.message('c', serial))?.data).toBe('ab');
  });

  it('a read-only replica: unavailable for writers, readers read', async () => {
    const { server, admin } = await serve();
    const engine = await open(library, server.url);
    await create(engine, 'c', 'one');
    await admin.call('REPLICAOF', '127.0.0.1', String(await freePort()));
    await expect(create(engine, 'c', 'two')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('replica'),
    });
    expect(await idsOf(engine, 'c')).toEqual(['one']);
    await admin.call('REPLICAOF', 'NO', 'ONE');
    await create(engine, 'c', 'two');
  });

  it('a Redis that went away: unavailable, after trying for as long as was asked; and found again', async () => {
    const { server } = await serve({ appendonly: 'yes' });
    const engine = await open(library, server.url);
    await create(engine, 'c', 'one');
    await server.kill();
    const failures = await Promise.allSettled([
      create(engine, 'c', 'two'),
      idsOf(engine, 'c'),
      engine.tail('d', () => {}),
    ]);
    for (const failure of failures)
      expect(failure).toMatchObject({ status: 'rejected', reason: { retryable: true } });
    await server.start();
    await create(engine, 'c', 'two');
    expect(await idsOf(engine, 'c')).toEqual(['two', 'one']);
  });

  it('no Redis at all: unavailable', async () => {
    const { client, close } = unconnected(library, `redis://127.0.0.1:${await freePort()}`);
    const engine = createRedisEngine({ client, timeoutMs: 300 });
    await expect(create(engine, 'c', 'one')).rejects.toMatchObject({ code: 'unavailable' });
    await engine.close();
    close();
  });

  it('a wrong password: unauthenticated', async () => {
    const { server } = await serve({ requirepass: 'right' });
    const { client, close } = unconnected(library, server.url.replace('//', '//:wrong@'));
    const engine = createRedisEngine({ client, timeoutMs: 300 });
    await expect(create(engine, 'c', 'one')).rejects.toMatchObject({ code: 'unauthenticated' });
    await engine.close();
    close();
  });

  it('a session that a newer version wrote: unsupported, and left as it is', async () => {
    const { server, admin } = await serve();
    const engine = await open(library, server.url);
    await create(engine, 'c', 'one');
    await admin.hset('holdfast:{c}:s', 'v', '2');
    const before = await admin.hgetall('holdfast:{c}:s');
    await expect(create(engine, 'c', 'two')).rejects.toMatchObject({ code: 'unsupported', retryable: false });
    await expect(idsOf(engine, 'c')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(engine.tail('c', () => {})).rejects.toMatchObject({ code: 'unsupported' });
    expect(await admin.hgetall('holdfast:{c}:s')).toEqual(before);
    await create(engine, 'd', 'one');
  });

  it('after close everything is refused as closed, and the client goes on', async () => {
    const { server } = await serve();
    const connection = await connect(library, server.url);
    const engine = createRedisEngine({ client: connection.client });
    const { serial } = await create(engine, 'c', 'one');
    await engine.tail('c', () => {});
    await engine.close();
    await engine.close();
    const draft = { id: 'two', name: 'test', data: '' };
    for (const late of [
      engine.commit('c', ada, [{ action: 'create', draft }]),
      engine.signal('c', ada, draft),
      engine.tail('c', () => {}),
      engine.changesSince('c', 'x.00000000001' as never),
      engine.message('c', serial),
      engine.page('c', {}),
      engine.annotations('c', serial, {}),
      engine.enter('c', { memberId: 'm', data: null }),
      engine.leave('c', 'm'),
      engine.members('c'),
    ])
      await expect(late).rejects.toMatchObject({ name: 'ChannelError', code: 'closed' });
    const second = createRedisEngine({ client: connection.client });
    expect(await idsOf(second, 'c')).toEqual(['one']);
    await second.close();
    connection.close();
  });
});

it('a Redis user with the rights that the README names can do everything, one without a right is told so', async () => {
  const { server, admin } = await serve();
  const rights = '+@read +@write +@scripting +@pubsub +@connection +time';
  await admin.acl(
    'SETUSER',
    'holdfast',
    'on',
    '>pw',
    '~holdfast:*',
    '&holdfast:*',
    ...`${rights} +info`.split(' '),
  );
  await admin.acl('SETUSER', 'blind', 'on', '>pw', '~holdfast:*', '&holdfast:*', ...rights.split(' '));
  await admin.acl('SETUSER', 'other', 'on', '>pw', '~other:*', '&other:*', ...rights.split(' '));
  for (const user of ['holdfast', 'blind']) {
    const engine = await open('redis', server.url.replace('//', `//${user}:pw@`));
    await engine.tail(user, () => {});
    const { serial } = await create(engine, user, 'one', 'a');
    await engine.commit(user, ada, [append(serial, 1, 'b')]);
    await engine.enter(user, { memberId: 'm', data: null });
    expect(await engine.members(user)).toHaveLength(1);
    expect(await idsOf(engine, user)).toEqual(['one']);
  }
  const refused = await open('redis', server.url.replace('//', '//other:pw@'));
  await expect(create(refused, 'c', 'one')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(refused.tail('c', () => {})).rejects.toMatchObject({ code: 'forbidden' });
});

it('options that make no sense are refused at once', () => {
  const { client, close } = unconnected('ioredis', 'redis://127.0.0.1:1');
  const other = unconnected('redis', 'redis://127.0.0.1:1');
  for (const options of [
    { prefix: 'a{b}' },
    { presenceLeaseMs: 0 },
    { maxMessageBytes: 1.5 },
    { retention: { ageMs: -1 } },
    { subscriber: other.client },
  ])
    expect(() => createRedisEngine({ client, ...options })).toThrow(TypeError);
  expect(() => createRedisEngine({ client: {} as never })).toThrow(TypeError);
  const prefixed = new Redis({ keyPrefix: 'mine:', lazyConnect: true });
  expect(() => createRedisEngine({ client: prefixed })).toThrow('keyPrefix');
  close();
  other.close();
});
