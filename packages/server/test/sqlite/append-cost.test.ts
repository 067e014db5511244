import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/sqlite/database.ts';
import { checkSchema } from '../../src/sqlite/schema.ts';
import { createSqliteEngine } from '../../src/sqlite/sqlite-engine.ts';
import { ada, append, create, receiptOf } from '@holdfast/testing/acts';
import { temporaryFile } from './temporary.ts';
import { readWriteAheadLog } from './write-ahead-log.ts';

const MiB = 1 << 20;

/** Opens a database whose log keeps everything, so that its length is what was written. */
function openUnfolded(path: string): Database {
  const database = openDatabase(path, checkSchema);
  database.exec('PRAGMA wal_autocheckpoint = 0');
  return database;
}

/** Bytes that 100 single deltas of 50 characters write to a message of a given length. */
async function bytesOfDeltas(length: number): Promise<number> {
  const path = temporaryFile();
  const engine = createSqliteEngine(openUnfolded(path));
  const { serial } = await create(engine, 'c', 'one', 'x'.repeat(length));
  const before = readWriteAheadLog(path).bytes;
  for (let index = 0; index < 100; index += 1)
    receiptOf(await engine.commit('c', ada, [append(serial, length + index * 50, 'd'.repeat(50))]));
  const { bytes } = readWriteAheadLog(path);
  await engine.close();
  return bytes - before;
}

it('a delta writes as much to a long message as to a short one', async () => {
  const short = await bytesOfDeltas(10);
  const long = await bytesOfDeltas(900_000);
  expect(long).toBeLessThanOrEqual(short * 1.05);
  // Some pages of 4 KiB, whatever the length.
  expect(long / 100).toBeLessThan(8 * 4096);
});

it('a message that grows to a mebibyte is written a few times over, not once for each delta', async () => {
  const path = temporaryFile();
  const engine = createSqliteEngine(openUnfolded(path), { maxMessageBytes: 2 * MiB });
  const { serial } = await create(engine, 'c', 'one');
  const delta = 'd'.repeat(64);
  // In transactions of 64 deltas, as they come from many writers at once: what is counted is the text, not the commits.
  for (let offset = 0; offset < MiB; offset += 64 * delta.length)
    await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        engine.commit('c', ada, [append(serial, offset + index * delta.length, delta)]).then(receiptOf),
      ),
    );
  const { bytes } = readWriteAheadLog(path);
  expect((await engine.message('c', serial))?.data).toHaveLength(MiB);
  // Rewriting the body for each of the 256 transactions would take 128 MiB.
  expect(bytes).toBeLessThan(24 * MiB);
  await engine.close();
});

it('a delta to a message in use reads none of its text from disk', async () => {
  const database = openUnfolded(temporaryFile());
  const reads: string[] = [];
  const counted: Database = {
    ...database,
    get inTransaction() {
      return database.inTransaction;
    },
    prepare<Row>(sql: string) {
      const statement = database.prepare<Row>(sql);
      const counting = <T>(result: T): T => {
        reads.push(sql);
        return result;
      };
      return {
        get: (...values) => counting(statement.get(...values)),
        all: (...values) => counting(statement.all(...values)),
        run: (...values) => statement.run(...values),
      };
    },
  };
  const engine = createSqliteEngine(counted);
  const { serial } = await create(engine, 'c', 'one', 'x'.repeat(900_000));
  reads.length = 0;
  for (let index = 0; index < 100; index += 1)
    receiptOf(await engine.commit('c', ada, [append(serial, 900_000 + index, 'd')]));
  expect(reads).toEqual([]);
  await engine.close();
});
