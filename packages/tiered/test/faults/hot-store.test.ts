import type { Delivery } from '@holdfast/channel';
import {
  createEngineChannels,
  createMemoryColdStore,
  encodeSerial,
  encodeVersion,
  type ColdStore,
} from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { ada, append, create, receiptOf } from '@holdfast/testing/acts';
import { startRedis, type RedisSettings } from '@holdfast/testing/redis-server';
import { createTieredEngine } from '../../src/index.ts';

/** A Redis that can be killed, below which lies a store that outlives it. */
async function open(settings: RedisSettings, wrap: (cold: ColdStore) => ColdStore = (cold) => cold) {
  const server = await startRedis(settings);
  const client = new Redis(server.url, { retryStrategy: () => 20 });
  client.on('error', () => {});
  const cold = createMemoryColdStore();
  const engine = createTieredEngine({ hot: createRedisEngine({ client }), cold: wrap(cold) });
  onTestFinished(async () => {
    await engine.close();
    client.disconnect();
    await server.close();
  });
  const channel = createEngineChannels(engine, { clientId: 'ada' }).channel('c');
  const deliveries: Delivery[] = [];
  let wake = (): void => {};
  return {
    server,
    client,
    cold,
    engine,
    /** Resolves with its first position. */
    follow: async () => {
      const { start } = await channel.subscribe((delivery) => {
        deliveries.push(delivery);
        wake();
      });
      return start;
    },
    told: async (kind: Delivery['kind']) => {
      while (!deliveries.some((delivery) => delivery.kind === kind))
        await new Promise<void>((resolve) => (wake = resolve));
    },
    datas: async () =>
      (await engine.page('c', {})).messages.map(
        ({ id, data }) => `${id}: ${typeof data === 'string' ? data : ''}`,
      ),
  };
}

it('Redis killed between copy and drop: nothing is lost, nothing doubled, and the next move finishes', async () => {
  let crash: (() => Promise<void>) | undefined;
  const { server, client, engine, follow, told, datas } = await open({}, (cold) => ({
    ...cold,
    async put(...args) {
      const kept = await cold.put(...args);
      await crash?.();
      return kept;
    },
  }));
  const one = await create(engine, 'c', 'one', 'a');
  await create(engine, 'c', 'two', 'b');
  await follow();
  crash = async () => {
    crash = undefined;
    await server.kill();
    await server.start();
  };
  await engine.settle({ channel: 'c', idleMs: 0 });
  await told('gap');
  expect(await datas()).toEqual(['two: b', 'one: a']);
  expect(await create(engine, 'c', 'one', 'a')).toEqual(one);
  await engine.settle({ channel: 'c', idleMs: 0 });
  expect(await client.exists('holdfast:{c}:o')).toBe(0);
  expect(await datas()).toEqual(['two: b', 'one: a']);
});

it('P28: a Redis that comes back from an earlier state shows as a gap; what has moved since stands', async () => {
  const { server, client, engine, cold, follow, told, datas } = await open({ appendonly: 'no' });
  const kept = await create(engine, 'c', 'kept', 'a');
  const gone = await create(engine, 'c', 'gone', 'a');
  await client.save();
  receiptOf(await engine.commit('c', ada, [append(kept.serial, 1, 'b')]));
  await engine.settle({ channel: 'c', idleMs: 0 });
  receiptOf(await engine.commit('c', ada, [append(gone.serial, 1, ' only in Redis')]));
  const start = await follow();
  await server.kill();
  await server.start();

  await told('gap');
  expect(await datas()).toEqual(['gone: a', 'kept: ab']);
  expect(await engine.changesSince('c', start)).toBeUndefined();
  // Redis has `kept` as it was before; whoever knows its length goes on all the same.
  const again = receiptOf(await engine.commit('c', ada, [append(kept.serial, 2, 'c')]));
  const next = await create(engine, 'c', 'next');
  expect(
    next.version > again.version && again.version > encodeVersion((await cold.extent('c')).changed),
  ).toBe(true);
  await engine.settle({ channel: 'c', idleMs: 0 });
  expect(await datas()).toEqual(['next: ', 'gone: a', 'kept: abc']);
});

it('P28: a Redis that has lost everything issues no serial again, whatever its clock says', async () => {
  const { client, engine, cold, follow, told, datas } = await open({});
  const one = await create(engine, 'c', 'one', 'a');
  const start = await follow();
  await engine.settle({ channel: 'c', idleMs: 0 });
  // Another server's clock was a year ahead.
  const tick = (Date.now() + 365 * 86_400_000) * 1024;
  const [entry] = await cold.load('c', { serials: [one.serial], ids: [] });
  const { fence = '' } = await cold.extent('c');
  if (entry === undefined) throw new Error('Nothing has moved.');
  const { stored } = entry;
  const message = {
    ...stored.message,
    id: 'ahead',
    serial: encodeSerial(tick),
    version: encodeVersion(tick),
  };
  await cold.put('c', fence, [{ ...entry, stored: { ...stored, message, changed: encodeVersion(tick) } }]);
  await client.flushall();

  expect(await engine.changesSince('c', start)).toBeUndefined();
  const { head } = await engine.tail('c', () => {});
  expect((await engine.page('c', { until: head })).messages.map(({ id }) => id)).toEqual(['ahead', 'one']);
  expect(await create(engine, 'c', 'one', 'a')).toEqual(one);
  const next = await create(engine, 'c', 'next', 'b');
  expect(next.serial > message.serial).toBe(true);
  await told('gap');
  expect(await datas()).toEqual(['next: b', 'ahead: a', 'one: a']);
});

it('a mover from before the loss comes too late', async () => {
  let late: (() => Promise<void>) | undefined;
  const { server, client, engine, cold, datas } = await open({ appendonly: 'no' }, (store) => ({
    ...store,
    async put(...args) {
      await late?.();
      return store.put(...args);
    },
  }));
  const { serial } = await create(engine, 'c', 'one', 'a');
  await client.save();
  receiptOf(await engine.commit('c', ada, [append(serial, 1, ' that is lost')]));
  late = async () => {
    late = undefined;
    await server.kill();
    await server.start();
    // Joins the session again.
    expect(await datas()).toEqual(['one: a']);
    receiptOf(await engine.commit('c', ada, [append(serial, 1, 'b')]));
  };
  await engine.settle({ channel: 'c', idleMs: 0 });
  expect(await datas()).toEqual(['one: ab']);
  expect((await cold.message('c', serial))?.data).toBe('ab');
});
