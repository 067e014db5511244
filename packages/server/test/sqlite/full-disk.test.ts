import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/sqlite/database.ts';
import { checkSchema } from '../../src/sqlite/schema.ts';
import { createSqliteEngine } from '../../src/sqlite/sqlite-engine.ts';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { temporaryFile } from './temporary.ts';

/** Lets the database grow by so many pages of 4 KiB and no further, as a full disk would. */
function leaveRoom(database: Database, pages: number): void {
  const count = database.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0;
  database.exec(`PRAGMA max_page_count = ${count + pages}`);
}

function makeRoom(database: Database): void {
  database.exec('PRAGMA max_page_count = 1000000');
}

function checkIntegrity(path: string): unknown {
  const driver = new Libsql(path);
  const found = driver.prepare('PRAGMA integrity_check').all([]);
  driver.close();
  return found;
}

it('I9 a full disk refuses with storage_full, loses nothing, and goes on when there is room', async () => {
  const path = temporaryFile();
  const database = openDatabase(path, checkSchema);
  const engine = createSqliteEngine(database);
  const { serial } = await create(engine, 'c', 'one');
  leaveRoom(database, 40);
  const told: string[] = [];
  await engine.tail('c', (event) => {
    if (event.kind === 'append') told.push(event.data);
  });

  let text = '';
  const part = (index: number): string => String.fromCharCode(97 + (index % 26)).repeat(3000);
  const grow = async (): Promise<void> => {
    const data = part(text.length / 3000);
    receiptOf(await engine.commit('c', ada, [append(serial, text.length, data)]));
    text += data;
  };
  const full = { name: 'ChannelError', code: 'storage_full', retryable: true };
  await expect(
    (async () => {
      for (;;) await grow();
    })(),
  ).rejects.toMatchObject(full);
  expect(text.length).toBeGreaterThan(10_000);

  // As long as it is full it goes on refusing and goes on answering, and refuses everything of one transaction.
  const refused = await Promise.allSettled([
    grow(),
    create(engine, 'c', 'large', 'x'.repeat(500_000)),
    create(engine, 'd', 'large', 'x'.repeat(500_000)),
  ]);
  expect(refused).toMatchObject([{ reason: full }, { reason: full }, { reason: full }]);
  expect(await datas(engine, 'c')).toEqual([text]);
  expect(await engine.message('c', serial)).toMatchObject({ data: text });
  expect(told.join('')).toBe(text);

  makeRoom(database);
  for (let index = 0; index < 20; index += 1) await grow();
  await create(engine, 'c', 'large', 'x'.repeat(500_000));
  expect(told.join('')).toBe(text);
  await engine.close();

  expect(checkIntegrity(path)).toMatchObject([{ integrity_check: 'ok' }]);
  const again = openSqliteEngine({ path });
  expect(await datas(again, 'c')).toEqual(['x'.repeat(500_000), text]);
  await again.close();
});

it('I9 `normal` that cannot reserve ticks refuses, stores nothing and goes on', async () => {
  const path = temporaryFile();
  const database = openDatabase(path, checkSchema);
  let time = 1_800_000_000_000;
  const engine = createSqliteEngine(database, { synchronous: 'normal', now: () => time });
  await create(engine, 'c', 'one');
  time += 3_600_000;
  database.exec('PRAGMA query_only = ON');
  await expect(create(engine, 'c', 'two')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await datas(engine, 'c')).toEqual(['']);
  database.exec('PRAGMA query_only = OFF');
  await create(engine, 'c', 'two');
  expect(await datas(engine, 'c')).toEqual(['', '']);
  await engine.close();
});
