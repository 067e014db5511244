import { Redis } from 'ioredis';
import type { Engine } from '@holdfast/channel/engine';
import { expect, it, onTestFinished } from 'vitest';
import { createRedisEngine, type RedisEngineOptions } from '../src/index.ts';
import { ada, append, create, idsOf, receiptOf } from '@holdfast/testing/acts';
import { startRedis } from '@holdfast/testing/redis-server';

async function open(options: Omit<RedisEngineOptions, 'client'>): Promise<{ engine: Engine; client: Redis }> {
  const server = await startRedis({ appendonly: 'no' });
  const client = new Redis(server.url);
  const engine = createRedisEngine({ client, ...options });
  onTestFinished(async () => {
    await engine.close();
    client.disconnect();
    await server.close();
  });
  return { engine, client };
}

async function annotate(engine: Engine, channel: string, id: string): Promise<void> {
  const { serial } = await create(engine, channel, id);
  const annotation = { action: 'add', id: 'n', type: 'seen:flag.v1' } as const;
  receiptOf(await engine.commit(channel, ada, [{ action: 'annotate', serial, annotation }]));
}

it('beyond a size the oldest messages go, with all that belongs to them, and their readers get a gap', async () => {
  const { engine, client } = await open({ retention: { bytes: 10_000 } });
  await annotate(engine, 'c', 'annotated');
  const { head } = await engine.tail('c', () => {});
  const long = await create(engine, 'c', 'long', 'x'.repeat(3000));
  for (let index = 0; index < 3; index += 1)
    receiptOf(await engine.commit('c', ada, [append(long.serial, 3000 * (index + 1), 'y'.repeat(3000))]));
  // Over the size, but changed by the commit itself.
  expect(await idsOf(engine, 'c')).toEqual(['long']);
  const next = await create(engine, 'c', 'next', 'z');
  expect(await idsOf(engine, 'c')).toEqual(['next']);
  expect(await engine.message('c', long.serial)).toBeUndefined();

  const fields = await client.hkeys('holdfast:{c}:s');
  const kept = await client.zrange('holdfast:{c}:o', '0', '-1');
  expect(kept).toEqual([String(parseInt(next.serial, 36))]);
  expect(fields.filter((field) => /^\d/.test(field) && !field.startsWith(kept[0] ?? ' '))).toEqual([]);
  expect(fields.filter((field) => field.startsWith('i'))).toEqual(['inext']);
  expect(await client.exists('holdfast:{c}:n')).toBe(0);
  expect(await client.zcard('holdfast:{c}:c')).toBe(1);
  expect(Number(await client.hget('holdfast:{c}:s', 'b'))).toBeLessThan(100);

  expect(await engine.changesSince('c', head)).toBeUndefined();
  // An id of what is gone may be used again.
  await create(engine, 'c', 'long', 'again');
  expect(await idsOf(engine, 'c')).toEqual(['long', 'next']);
});

it('beyond an age messages go when the next is written, and an idle session goes altogether', async () => {
  const { engine, client } = await open({ retention: { ageMs: 150 } });
  const old = await create(engine, 'c', 'old');
  const written = Date.now();
  const { head } = await engine.tail('c', () => {});
  while (Date.now() < written + 100) await client.ping();
  await create(engine, 'c', 'young');
  while (Date.now() < written + 170) await client.ping();
  await create(engine, 'c', 'new');
  expect(await idsOf(engine, 'c')).toEqual(['new', 'young']);
  expect(await engine.message('c', old.serial)).toBeUndefined();
  expect(await engine.changesSince('c', head)).toBeDefined();

  while ((await client.exists('holdfast:{c}:s')) === 1);
  expect(await idsOf(engine, 'c')).toEqual([]);
  expect(await engine.changesSince('c', head)).toBeUndefined();
  expect(await client.keys('*')).toEqual([]);
  const again = await create(engine, 'c', 'again');
  expect(again.serial > old.serial).toBe(true);
});

it('a message too large to be sent to subscribers is read by them', async () => {
  const { engine } = await open({ maxMessageBytes: 2 << 20 });
  const kinds: string[] = [];
  let wake = (): void => {};
  const { head } = await engine.tail('c', ({ kind }) => {
    kinds.push(kind);
    wake();
  });
  await create(engine, 'c', 'huge', 'x'.repeat(1 << 20));
  await create(engine, 'c', 'small');
  while (kinds.length < 2) await new Promise<void>((resolve) => (wake = resolve));
  expect(kinds).toEqual(['lost', 'message']);
  const changes = await engine.changesSince('c', head);
  expect(changes?.changed.map(({ message }) => message.id)).toEqual(['huge', 'small']);
});

it('pages and catching up read only so much at once', async () => {
  const { engine } = await open({});
  const { head } = await engine.tail('c', () => {});
  for (let index = 0; index < 6; index += 1) await create(engine, 'c', `${index}`, 'x'.repeat(900_000));
  const first = await engine.page('c', {});
  expect(first.messages.map(({ id }) => id)).toEqual(['5', '4', '3', '2']);
  const second = await engine.page('c', first.next === undefined ? {} : { cursor: first.next });
  expect(second.messages.map(({ id }) => id)).toEqual(['1', '0']);
  expect(second.next).toBeUndefined();
  expect(await engine.changesSince('c', head)).toBeUndefined();
});
