import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openPostgresColdStore } from '@holdfast/postgres';
import { createRedisEngine } from '@holdfast/redis';
import { Redis } from 'ioredis';
import { afterAll, expect, it } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { ada, append, create, receiptOf } from '@holdfast/testing/acts';
import { startRedis } from '@holdfast/testing/redis-server';
import { createTieredEngine } from '../../src/index.ts';
import type { Order, Step } from './mover.ts';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const script = fileURLToPath(new URL('./mover.ts', import.meta.url));

const cluster = await startCluster();
const server = await startRedis();
const admin = new Redis(server.url);
const cold = await openPostgresColdStore({ pool: cluster.pool() });
const engine = createTieredEngine({ hot: createRedisEngine({ client: admin }), cold });
afterAll(async () => {
  await engine.close();
  admin.disconnect();
  await server.close();
  await cluster.close();
});

async function runMover(order: Order): Promise<string | number | null> {
  const mover = spawn(process.execPath, ['--import', loader, script], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(mover, 'exit');
  mover.stdin.write(`${JSON.stringify(order)}\n`);
  const [code, signal] = (await exited) as [number | null, string | null];
  return signal ?? code;
}

async function historyOf(channel: string): Promise<readonly (readonly [string, unknown])[]> {
  const { messages } = await engine.page(channel, { limit: 1000 });
  return messages.map(({ id, data }) => [id, data]);
}

it.each(['claim', 'claimed', 'join', 'joined', 'put', 'stored', 'drop', 'dropped'] as const)(
  'a mover killed at %s loses nothing, doubles nothing and is in nobody’s way',
  async (dieAt: Step) => {
    const channel = `killed at ${dieAt}`;
    const receipts = [];
    for (let index = 0; index < 5; index += 1) receipts.push(await create(engine, channel, `${index}`, 'a'));
    const before = await historyOf(channel);
    expect(before).toHaveLength(5);
    // As after a failover: the session must be joined again, which the mover then does.
    if (dieAt.startsWith('claim') || dieAt.startsWith('join'))
      await admin.hdel(`holdfast:{${channel}}:s`, 'j');
    const order = { redis: server.url, postgres: cluster.url, channel, dieAt };
    expect(await runMover(order)).toBe('SIGKILL');

    expect(await historyOf(channel)).toEqual(before);
    const [first, second] = receipts;
    if (first === undefined || second === undefined) throw new Error('There are no receipts.');
    expect(await create(engine, channel, '0', 'a')).toEqual(first);
    receiptOf(await engine.commit(channel, ada, [append(second.serial, 1, 'b')]));
    // The next one finishes what it finds.
    await engine.settle({ channel, idleMs: 0 });
    expect(await admin.exists(`holdfast:{${channel}}:o`)).toBe(0);
    expect(await historyOf(channel)).toEqual(before.map(([id, data]) => [id, id === '1' ? 'ab' : data]));
    expect(await create(engine, channel, '0', 'a')).toEqual(first);
  },
);
