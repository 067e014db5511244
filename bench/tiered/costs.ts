// What a cold store costs and saves, over Redis and Postgres, both with fsync: commits with and without one below, messages
// moved per second, and the memory of a session of 100 messages before and after. `npx tsx bench/tiered/costs.ts`
import { performance } from 'node:perf_hooks';
import type { Operation, Serial } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { openPostgresColdStore } from '@holdfast/postgres';
import { createRedisEngine } from '@holdfast/redis';
import { createTieredEngine } from '@holdfast/tiered';
import { Redis } from 'ioredis';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { startRedis } from '@holdfast/testing/redis-server';

const MESSAGES = 100;
const SESSIONS = 20;
const TIMES = 300;
const TEXT = 'x'.repeat(1700);
const PUBLISHER = { clientId: 'agent', connectionId: 'bench' };

async function commit(engine: Engine, channel: string, operation: Operation): Promise<Serial> {
  const [outcome] = await engine.commit(channel, PUBLISHER, [operation]);
  if (outcome?.ok !== true) throw new Error('A commit was refused.');
  return outcome.receipt.serial;
}

let ids = 0;
const createIn = (engine: Engine, channel: string, data = TEXT): Promise<Serial> =>
  commit(engine, channel, { action: 'create', draft: { id: `${(ids += 1)}`, name: 'answer', data } });

/** The median of one after the other, in milliseconds. */
async function median(step: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < TIMES; index += 1) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[TIMES / 2] ?? 0;
}

async function appendsTo(engine: Engine, channel: string): Promise<number> {
  const serial = await createIn(engine, channel, '');
  let offset = 0;
  return median(async () => {
    await commit(engine, channel, { action: 'append', serial, data: 'some words', offset });
    offset += 10;
  });
}

const server = await startRedis();
const cluster = await startCluster({ settings: { fsync: 'on' } });
const client = new Redis(server.url);
const alone = createRedisEngine({ client, prefix: 'alone:' });
const engine = createTieredEngine({
  hot: createRedisEngine({ client }),
  cold: await openPostgresColdStore({ pool: cluster.pool() }),
});
const say = (what: string, value: string): void => console.log(what.padEnd(64), value);
const ms = (value: number): string => `${value.toFixed(2)} ms`;

const bytes = async (): Promise<number> => {
  let sum = 0;
  for (const key of await client.keys('holdfast:{session 0}:*'))
    sum += Number(await client.memory('USAGE', key, 'SAMPLES', 0));
  return sum;
};

for (let session = 0; session < SESSIONS; session += 1)
  for (let index = 0; index < MESSAGES; index += 1) await createIn(engine, `session ${session}`);
const before = await bytes();
const start = performance.now();
const moved = await engine.settle({ idleMs: 0 });
say('messages moved per second, one mover', String(Math.round((1000 * moved) / (performance.now() - start))));
say(`Redis for a session of ${MESSAGES} messages of ${TEXT.length} characters`, `${before} bytes`);
say('the same when they have moved', `${await bytes()} bytes`);

say('an append, Redis alone', ms(await appendsTo(alone, 'appends')));
say('an append, Redis above a cold store', ms(await appendsTo(engine, 'appends')));
say('a create, Redis alone', ms(await median(() => createIn(alone, 'creates'))));
say('a create where nothing has moved', ms(await median(() => createIn(engine, 'creates'))));
say('a create where something has moved', ms(await median(() => createIn(engine, 'session 1'))));
let session = 0;
say('the first create of a session', ms(await median(() => createIn(engine, `new ${(session += 1)}`))));
say('a page of 100 that has moved', ms(await median(() => engine.page('session 0', {}))));

await engine.close();
await alone.close();
client.disconnect();
await server.close();
await cluster.close();
