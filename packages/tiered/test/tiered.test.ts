import { ChannelError, type Operation } from '@holdfast/channel';
import {
  createMemoryColdStore,
  createMemoryEngine,
  type ColdStore,
  type TailEvent,
} from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { Redis } from 'ioredis';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { ada, append, create, idsOf, receiptOf } from '@holdfast/testing/acts';
import { startRedis } from '@holdfast/testing/redis-server';
import { createTieredEngine, type TieredEngineOptions } from '../src/index.ts';

const server = await startRedis({ appendonly: 'no' });
const client = new Redis(server.url);
afterAll(async () => {
  client.disconnect();
  await server.close();
});

function open(cold: ColdStore = createMemoryColdStore(), options: Partial<TieredEngineOptions> = {}) {
  const engine = createTieredEngine({ hot: createRedisEngine({ client }), cold, ...options });
  onTestFinished(() => engine.close());
  return engine;
}

const key = (channel: string, name: string): string => `holdfast:{${channel}}:${name}`;

it('what has settled moves by itself, whichever process has written it', async () => {
  const cold = createMemoryColdStore();
  const shared = { ...cold, close: async () => {} };
  const young = open(shared, { settledMs: 60_000, sweepMs: 60_000 });
  await create(young, 'mine', 'one');
  await create(young, 'left behind', 'one');
  const writer = open(shared, { settledMs: 0, sweepMs: 1_000_000 });
  await create(writer, 'mine', 'two');
  await vi.waitUntil(async () => (await client.exists(key('mine', 'o'))) === 0, { timeout: 10_000 });
  expect(await client.exists(key('left behind', 'o'))).toBe(1);
  open(shared, { settledMs: 0, sweepMs: 20 });
  await vi.waitUntil(async () => (await client.exists(key('left behind', 'o'))) === 0, { timeout: 10_000 });
  expect(await idsOf(writer, 'mine')).toEqual(['two', 'one']);
});

it('what is younger than settledMs stays', async () => {
  const engine = open(undefined, { settledMs: 60_000 });
  await create(engine, 'young', 'one');
  expect(await engine.settle()).toBe(0);
  expect(await client.exists(key('young', 'o'))).toBe(1);
});

it('whoever writes to what has moved finds it as it was, and nobody hears of the move', async () => {
  const engine = open();
  const events: TailEvent[] = [];
  const settle = () => engine.settle({ channel: 'late', idleMs: 0 });
  const commit = async (operation: Operation) => {
    await settle();
    return receiptOf(await engine.commit('late', ada, [operation]));
  };
  await engine.tail('late', (event) => events.push(event));
  const { serial } = await create(engine, 'late', 'one', 'a');
  const annotate = (id: string): Operation => ({
    action: 'annotate',
    serial,
    annotation: { action: 'add', id, type: 'a:multiple.v1', name: 'x', count: 2 },
  });
  const first = await commit(annotate('n1'));
  expect(await commit(annotate('n1'))).toEqual(first);
  await commit(annotate('n2'));
  const grown = await commit(append(serial, 1, 'b'));
  expect((await commit(append(serial, 1, 'b'))).version).toBe(grown.version);
  await settle();
  expect(await engine.commit('late', ada, [append(serial, 7, 'b')])).toMatchObject([
    { ok: false, error: { code: 'conflict' } },
  ]);
  expect(
    await engine.commit('late', { clientId: 'bob', connectionId: '2' }, [append(serial, 2, 'c')]),
  ).toMatchObject([{ ok: false, error: { code: 'forbidden' } }]);
  await commit({ action: 'update', serial, draft: { data: { json: true } } });
  const page = await engine.annotations('late', serial, { limit: 1 });
  await settle();
  const rest = await engine.annotations('late', serial, page.next === undefined ? {} : { cursor: page.next });
  expect([...page.annotations, ...rest.annotations].map(({ id }) => id)).toEqual(['n1', 'n2']);
  await commit({ action: 'create', draft: { id: 'two', name: 'test', data: '' }, seals: serial });
  await settle();
  expect(await engine.commit('late', ada, [{ action: 'delete', serial }])).toMatchObject([
    { ok: false, error: { code: 'sealed' } },
  ]);
  expect(await engine.message('late', serial)).toMatchObject({
    data: { json: true },
    sealed: true,
    annotations: { types: { 'a:multiple.v1': { x: { total: 4, clientIds: { ada: 4 } } } } },
  });
  await vi.waitUntil(() => events.length >= 7, { timeout: 10_000 });
  expect(events.map(({ kind }) => kind)).toEqual([
    'message',
    'annotations',
    'annotations',
    'append',
    'message',
    'message',
    'message',
  ]);
});

it('what moves while somebody looks below is not overlooked', async () => {
  const cold = createMemoryColdStore();
  let meanwhile: (() => Promise<void>) | undefined;
  const looking = open({
    ...cold,
    async load(...args) {
      const found = await cold.load(...args);
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      return found;
    },
    close: async () => {},
  });
  const other = open(cold);
  const settle = () => other.settle({ channel: 'race', idleMs: 0 });
  const { serial } = await create(other, 'race', 'one', 'a');
  await settle();

  let taken = serial;
  meanwhile = async () => {
    ({ serial: taken } = await create(other, 'race', 'two', 'b'));
    await settle();
  };
  expect((await create(looking, 'race', 'two', 'b')).serial).toBe(taken);
  meanwhile = async () => {
    receiptOf(await other.commit('race', ada, [append(serial, 1, 'b')]));
    await settle();
  };
  receiptOf(await looking.commit('race', ada, [append(serial, 2, 'c')]));
  expect((await other.page('race', {})).messages.map(({ id, data }) => [id, data])).toEqual([
    ['two', 'b'],
    ['one', 'abc'],
  ]);
});

it('a session whose messages have all moved keeps next to nothing in Redis, and after a day nothing', async () => {
  const engine = open();
  const bytes = async (): Promise<number> => {
    let sum = 0;
    for (const found of await client.keys('holdfast:{memory}:*'))
      sum += Number(await client.memory('USAGE', found, 'SAMPLES', 0));
    return sum;
  };
  for (let index = 0; index < 100; index += 1) await create(engine, 'memory', `${index}`, 'x'.repeat(1700));
  const before = await bytes();
  expect(await engine.settle({ channel: 'memory', idleMs: 0 })).toBe(100);
  const after = await bytes();
  expect(before).toBeGreaterThan(170_000);
  expect(after).toBeLessThan(400);

  expect(await client.ttl(key('memory', 's'))).toBeGreaterThan(80_000);
  await client.del(key('memory', 's'));
  const ids: string[] = [];
  let query: Parameters<typeof engine.page>[1] | undefined = { limit: 30 };
  while (query !== undefined) {
    const page = await engine.page('memory', query);
    ids.push(...page.messages.map(({ id }) => id));
    query = page.next === undefined ? undefined : { limit: 30, cursor: page.next };
  }
  expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => `${99 - index}`));
  await create(engine, 'memory', 'again');
  expect(await client.ttl(key('memory', 's'))).toBe(-1);
});

it('reading a session that there never was leaves nothing behind', async () => {
  const engine = open();
  expect(await engine.page('never', {})).toEqual({ messages: [] });
  const { head } = await engine.tail('never', () => {});
  expect(await engine.changesSince('never', head)).toMatchObject({ changed: [] });
  await expect(engine.annotations('never', '00000000001' as never, {})).rejects.toMatchObject({
    code: 'not_found',
  });
  expect(await client.keys('*{never}*')).toEqual([]);
});

it('an engine without the cold store refuses sessions that partly lie in one', async () => {
  const engine = open();
  await create(engine, 'tiered', 'one');
  const alone = createRedisEngine({ client });
  onTestFinished(() => alone.close());
  await expect(create(alone, 'tiered', 'two')).rejects.toMatchObject({ code: 'unsupported' });
  await expect(alone.page('tiered', {})).rejects.toMatchObject({ code: 'unsupported' });
  // What such an engine has written before is taken up.
  await create(alone, 'alone', 'one');
  await create(engine, 'alone', 'two');
  await engine.settle({ channel: 'alone', idleMs: 0 });
  expect(await idsOf(engine, 'alone')).toEqual(['two', 'one']);
});

it('while the cold store is away, what needs it is refused, and the rest goes on', async () => {
  const cold = createMemoryColdStore();
  let away = false;
  const flaky = new Proxy(cold, {
    get(target, name, receiver) {
      const work: unknown = Reflect.get(target, name, receiver);
      if (typeof work !== 'function' || !away || name === 'close') return work;
      return async () => {
        throw new ChannelError('unavailable', 'Away.');
      };
    },
  });
  const errors: unknown[] = [];
  const engine = open(flaky, {
    settledMs: 0,
    sweepMs: 1_000_000,
    onMoveError: (error) => errors.push(error),
  });
  const { serial } = await create(engine, 'away', 'one', 'a');
  const moved = () =>
    vi.waitUntil(async () => (await client.exists(key('away', 'o'))) === 0, { timeout: 10_000 });
  await moved();
  const hot = await create(engine, 'hot', 'one', 'a');
  away = true;
  receiptOf(await engine.commit('hot', ada, [append(hot.serial, 1, 'b')]));
  const unavailable = { code: 'unavailable', retryable: true };
  await expect(engine.commit('away', ada, [append(serial, 1, 'b')])).rejects.toMatchObject(unavailable);
  await expect(create(engine, 'away', 'two')).rejects.toMatchObject(unavailable);
  await expect(create(engine, 'new', 'one')).rejects.toMatchObject(unavailable);
  await expect(engine.page('away', {})).rejects.toMatchObject(unavailable);
  await vi.waitUntil(() => errors.length > 0, { timeout: 10_000 });
  away = false;
  receiptOf(await engine.commit('away', ada, [append(serial, 1, 'b')]));
  await create(engine, 'new', 'one');
  await moved();
  expect((await engine.message('away', serial))?.data).toBe('ab');
});

it('options that make no sense are refused at once', () => {
  const cold = createMemoryColdStore();
  for (const options of [{ settledMs: -1 }, { settledMs: 0.5 }, { sweepMs: 0 }])
    expect(() => createTieredEngine({ hot: createMemoryEngine(), cold, ...options })).toThrow(TypeError);
  for (const retention of [{ ageMs: 1 }, { bytes: 1 }])
    expect(() => createTieredEngine({ hot: createRedisEngine({ client, retention }), cold })).toThrow(
      'retention',
    );
});
