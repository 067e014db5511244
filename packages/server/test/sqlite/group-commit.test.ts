import type { Operation, Serial } from '@holdfast/channel';
import type { TailEvent } from '@holdfast/channel/engine';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/sqlite/database.ts';
import { checkSchema } from '../../src/sqlite/schema.ts';
import { createSqliteEngine } from '../../src/sqlite/sqlite-engine.ts';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { temporaryFile } from './temporary.ts';
import { readWriteAheadLog } from './write-ahead-log.ts';

it('I7 a thousand appends that arrive together are one transaction, one after the other a thousand', async () => {
  const path = temporaryFile();
  const database = openDatabase(path, checkSchema);
  database.exec('PRAGMA wal_autocheckpoint = 0');
  const engine = createSqliteEngine(database);
  const receipts = await Promise.all(
    Array.from({ length: 100 }, (_, index) => create(engine, `c${index % 7}`, `message ${index}`)),
  );
  const commits = (): number => readWriteAheadLog(path).commits;
  const before = commits();
  await Promise.all(
    Array.from({ length: 1000 }, (_, index) => {
      const serial = receipts[index % 100]?.serial;
      if (serial === undefined) throw new Error('There is no receipt.');
      return engine
        .commit(`c${(index % 100) % 7}`, ada, [append(serial, Math.floor(index / 100), 'x')])
        .then(receiptOf);
    }),
  );
  expect(commits() - before).toBe(1);
  const { serial } = await create(engine, 'alone', 'one');
  const between = commits();
  for (let offset = 0; offset < 1000; offset += 1)
    receiptOf(await engine.commit('alone', ada, [append(serial, offset, 'x')]));
  expect(commits() - between).toBe(1000);
  await engine.close();
});

it('what changes nothing writes nothing', async () => {
  const path = temporaryFile();
  const engine = openSqliteEngine({ path });
  const { serial } = await create(engine, 'c', 'one', 'abc');
  const before = readWriteAheadLog(path);
  await create(engine, 'c', 'one', 'abc');
  receiptOf(await engine.commit('c', ada, [append(serial, 0, 'abc')]));
  await engine.commit('c', ada, [append(serial, 1, 'x')]);
  expect(readWriteAheadLog(path)).toEqual(before);
  await engine.close();
});

it('I1 tails hear of changes in the order of the log, after they are stored and before their publishers', async () => {
  const path = temporaryFile();
  const engine = openSqliteEngine({ path });
  const { serial } = await create(engine, 'c', 'one');
  const told: string[] = [];
  const { commits } = readWriteAheadLog(path);
  await engine.tail('c', (event: TailEvent) => {
    expect(readWriteAheadLog(path).commits).toBe(commits + 1);
    if (event.kind === 'append') told.push(`tail ${event.data}`);
  });
  await Promise.all(
    ['a', 'b', 'c'].map(async (data, offset) => {
      receiptOf(await engine.commit('c', ada, [append(serial, offset, data)]));
      told.push(`publisher ${data}`);
    }),
  );
  expect(told).toEqual(['tail a', 'tail b', 'tail c', 'publisher a', 'publisher b', 'publisher c']);
  await engine.close();
});

it('I9 what is refused leaves the others of its transaction alone', async () => {
  const engine = openSqliteEngine({ path: temporaryFile(), maxMessageBytes: 100 });
  const { serial } = await create(engine, 'c', 'one');
  const results = await Promise.all([
    engine.commit('c', ada, [append(serial, 0, 'a')]),
    engine.commit('c', ada, [append(serial, 7, 'gap')]),
    engine.commit('c', ada, [append(serial, 1, 'x'.repeat(200))]),
    engine.commit('c', { connectionId: 'eve' }, [append(serial, 1, 'eve')]),
    engine.commit('c', ada, [append(serial, 1, 'b'), append(serial, 0, 'c'), append(serial, 2, 'd')]),
  ]);
  expect(
    results.map((outcomes) => outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))),
  ).toEqual([['ok'], ['conflict'], ['too_large'], ['forbidden'], ['ok', 'conflict']]);
  expect(await datas(engine, 'c')).toEqual(['ab']);
  await engine.close();
});

for (const [where, faulty] of [
  [
    'planning',
    (serial: Serial): Operation => ({
      action: 'append',
      serial,
      offset: 1,
      get data(): string {
        throw new Error('a fault');
      },
    }),
  ],
  [
    'writing',
    (serial: Serial): Operation => ({
      action: 'annotate',
      serial,
      // No JSON value: the contract's guard would not let it through.
      annotation: { action: 'add', id: 'a', type: 'a:total.v1', data: 1n as never },
    }),
  ],
] as const)
  it(`a fault in ${where} is its caller's own: the others are stored, in order`, async () => {
    const engine = openSqliteEngine({ path: temporaryFile() });
    const { serial } = await create(engine, 'c', 'one');
    const told: unknown[] = [];
    await engine.tail('c', (event) => told.push(event.kind === 'append' && event.data));
    const results = await Promise.allSettled([
      engine.commit('c', ada, [append(serial, 0, 'a')]),
      engine.commit('c', ada, [append(serial, 1, 'lost'), faulty(serial)]),
      engine.commit('c', ada, [append(serial, 1, 'b')]),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { name: 'ChannelError', code: 'internal' } },
      { status: 'fulfilled' },
    ]);
    expect(told).toEqual(['a', 'b']);
    expect(await datas(engine, 'c')).toEqual(['ab']);
    await engine.close();
  });
