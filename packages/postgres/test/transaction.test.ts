import type { CreateOperation } from '@holdfast/channel';
import type { TailEvent } from '@holdfast/channel/engine';
import { afterAll, expect, it, vi } from 'vitest';
import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from './open-engine.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());
const pool = cluster.pool();
await pool.query('CREATE TABLE orders (id text)');
const engine = await openEngine(cluster.pool(), 'holdfast');
const other = await openEngine(cluster.pool(), 'holdfast');
afterAll(() => Promise.all([engine.close(), other.close()]));

let names = 0;
const fresh = (): string => `channel ${(names += 1)}`;
const shipped = (id: string, data = id): CreateOperation => ({
  action: 'create',
  draft: { id, name: 'shipped', data },
});

/** A transaction of the application's, on a connection of its own. */
async function begin() {
  const client = await pool.connect();
  await client.query('BEGIN');
  const end = async (command: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    try {
      await client.query(command);
    } finally {
      client.release();
    }
  };
  return { client, commit: () => end('COMMIT'), rollback: () => end('ROLLBACK') };
}

it('P29 is stored if and only if the transaction is, and tails of every process are told', async () => {
  const channel = fresh();
  const told: TailEvent[] = [];
  for (const each of [engine, other]) await each.tail(channel, (event) => told.push(event));
  const lost = await begin();
  const never = await engine.publishIn(lost.client, channel, ada, [shipped('never')]);
  await lost.rollback();
  await expect(never.receipts()).rejects.toMatchObject({ code: 'not_found' });

  const { client, commit } = await begin();
  await client.query(`INSERT INTO orders VALUES ('one')`);
  const staged = await engine.publishIn(client, channel, ada, [shipped('one'), shipped('two', 'x\0\ud83d')]);
  await expect(staged.receipts()).rejects.toMatchObject({ code: 'not_found' });
  expect(await datas(engine, channel)).toEqual([]);
  await commit();
  const receipts = await staged.receipts();
  expect(await datas(engine, channel)).toEqual(['x\0\ud83d', 'one']);
  await vi.waitUntil(() => told.length === 4, { timeout: 5000, interval: 5 });
  const serials = told.map((event) => (event.kind === 'message' ? String(event.message.serial) : event.kind));
  expect(serials.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    receipts.flatMap(({ serial }) => [serial, serial]),
  );
});

it('P29 holds no lock until it commits, and has a serial and a time of that moment', async () => {
  const channel = fresh();
  const { client, commit } = await begin();
  const begun = Date.now();
  const staged = await engine.publishIn(client, channel, ada, [shipped('staged first')]);
  // Others publish meanwhile, a wait for the lock would never end.
  const during = await create(engine, channel, 'stored first');
  await create(other, channel, 'stored second');
  receiptOf(await engine.commit(channel, ada, [append(during.serial, 0, 'more')]));
  const before = Date.now();
  await commit();
  const [receipt] = await staged.receipts();
  const { messages } = await engine.page(channel, {});
  expect(messages.map(({ id }) => id)).toEqual(['staged first', 'stored second', 'stored first']);
  expect(messages[0]).toMatchObject({ serial: receipt?.serial, version: receipt?.version });
  expect(messages[0]?.timestamp).toBeGreaterThanOrEqual(before);
  expect(before).toBeGreaterThanOrEqual(begun);
});

it('transactions that stage for the same sessions in opposite orders both commit', async () => {
  const [left, right] = [fresh(), fresh()];
  const [one, two] = [await begin(), await begin()];
  await engine.publishIn(one.client, left, ada, [shipped('1')]);
  await engine.publishIn(two.client, right, ada, [shipped('2')]);
  await engine.publishIn(one.client, right, ada, [shipped('3')]);
  await engine.publishIn(two.client, left, ada, [shipped('4')]);
  await Promise.all([one.commit(), two.commit()]);
  expect(new Set(await datas(engine, left))).toEqual(new Set(['1', '4']));
  expect(new Set(await datas(engine, right))).toEqual(new Set(['2', '3']));
});

it('I5 repeats take effect once; other uses of an id are refused, at the latest by the commit', async () => {
  const channel = fresh();
  const first = await create(engine, channel, 'one', 'x');
  const { client, commit } = await begin();
  const repeat: CreateOperation = { action: 'create', draft: { id: 'one', name: 'test', data: 'x' } };
  const staged = await engine.publishIn(client, channel, ada, [repeat, shipped('two')]);
  await expect(engine.publishIn(client, channel, ada, [shipped('one', 'y')])).rejects.toMatchObject({
    code: 'conflict',
  });
  await engine.publishIn(client, channel, ada, [shipped('two')]);
  await commit();
  expect((await staged.receipts())[0]).toEqual(first);
  expect(await datas(engine, channel)).toEqual(['two', 'x']);

  const late = await begin();
  await engine.publishIn(late.client, channel, ada, [shipped('three')]);
  await create(engine, channel, 'three', 'of another');
  await expect(late.commit()).rejects.toMatchObject({ code: 'HF409' });
  expect(await datas(engine, channel)).toEqual(['of another', 'two', 'x']);
});

it('P10 seals as any other create does, and what was sealed takes nothing more', async () => {
  const channel = fresh();
  const { serial } = await create(engine, channel, 'sealed', 'text');
  const events: TailEvent[] = [];
  await other.tail(channel, (event) => events.push(event));
  const { client, commit } = await begin();
  await engine.publishIn(client, channel, ada, [{ ...shipped('next'), seals: serial }]);
  receiptOf(await engine.commit(channel, ada, [append(serial, 4, ' more')]));
  await commit();
  const [outcome] = await engine.commit(channel, ada, [append(serial, 9, 'too late')]);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'sealed' } });
  const sealed = { kind: 'message', message: { id: 'sealed', data: 'text more', sealed: true } };
  await vi.waitUntil(() => events.some((event) => event.kind === 'message' && event.message.sealed), {
    timeout: 5000,
    interval: 5,
  });
  expect(events).toContainEqual(
    expect.objectContaining({ ...sealed, message: expect.objectContaining(sealed.message) }),
  );
});

it('what does not belong in a transaction is refused, with the reason', async () => {
  const channel = fresh();
  const { serial } = await create(engine, channel, 'one');
  const { client, rollback } = await begin();
  const other: unknown = append(serial, 0, 'x');
  await expect(engine.publishIn(client, channel, ada, [other as CreateOperation])).rejects.toMatchObject({
    code: 'unsupported',
  });
  await expect(
    engine.publishIn(client, channel, ada, [{ action: 'create', draft: { id: '', name: 'x', data: '' } }]),
  ).rejects.toMatchObject({ code: 'invalid', path: 'operations[0].draft.id' });
  await rollback();
  const strict = await begin();
  await strict.client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await expect(engine.publishIn(strict.client, channel, ada, [shipped('x')])).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('REPEATABLE READ'),
  });
  await strict.rollback();
});
