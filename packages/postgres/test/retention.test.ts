import { encodePosition, decodePosition } from '@holdfast/channel/engine';
import { afterAll, expect, it } from 'vitest';
import { createDatabase } from '../src/connection/database.ts';
import { startRetention } from '../src/retention/retention.ts';
import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from './open-engine.ts';

const DAY = 86_400_000;
const NOON = 1_800_000_000_000;

const cluster = await startCluster();
afterAll(() => cluster.close());

it('P23 drops what is older than it is kept, whole partitions at a time, and says so with a gap', async () => {
  let time = NOON;
  const now = (): number => time;
  const pool = cluster.pool();
  const engine = await openEngine(cluster.pool(), 'kept', { now });
  const retention = startRetention({
    database: createDatabase(pool, 1000),
    schema: 'kept',
    keepMs: 30 * DAY,
    now,
  });
  const tables = async (): Promise<number> => {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'kept' AND tablename ~ '^messages_\\d'`,
    );
    return rows.length;
  };
  const sessions = async (): Promise<number> => (await pool.query('SELECT FROM kept.sessions')).rows.length;

  // Before there are partitions, and in one after the other.
  const first = await create(engine, 'c', 'rest', 'in the rest');
  await create(engine, 'idle', 'only');
  await retention.run();
  const { head } = await engine.tail('c', () => {});
  for (let day = 1; day <= 60; day += 1) {
    time = NOON + day * DAY;
    if (day % 5 === 0) await create(engine, 'c', `day ${day}`, `${day}`);
    await retention.run();
    if (day === 20) receiptOf(await engine.commit('c', ada, [append(first.serial, 11, ', grown')]));
  }
  const kept = await datas(engine, 'c');
  expect(kept.slice(0, 6)).toEqual(['60', '55', '50', '45', '40', '35']);
  // A partition is dropped when all of it is over.
  expect(kept.length).toBeLessThanOrEqual(8);
  expect(await tables()).toBeLessThanOrEqual(12);
  const { rows } = await pool.query('SELECT FROM kept.messages_rest');
  expect(rows).toEqual([]);
  expect(await sessions()).toBe(1);

  // Who stood before the floor can't know what it missed; who stood above it can.
  expect(await engine.changesSince('c', head)).toBeUndefined();
  const { epoch = '' } = decodePosition(head) ?? {};
  const recent = encodePosition(epoch, (NOON + 52 * DAY) * 1024);
  expect(await engine.changesSince('c', recent)).toMatchObject({ changed: [{}, {}] });

  // What is in memory here, and no longer there, takes no text.
  const [outcome] = await engine.commit('c', ada, [append(first.serial, 18, 'lost')]);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'not_found' } });
  // A session that was dropped begins anew above what it had.
  const again = await create(engine, 'idle', 'only');
  expect(again.serial > first.serial).toBe(true);
  await retention.close();
  await engine.close();
});
