import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { ada, append, create, datas } from '@holdfast/testing/acts';
import { temporaryFile, temporaryFolder } from './temporary.ts';

const driver = createRequire(import.meta.url).resolve('libsql');

/** What another process meets that wants the file for itself: `ok`, or SQLite's code. */
function tryElsewhere(path: string): string {
  const script = `
    const Libsql = require(${JSON.stringify(driver)});
    try {
      const database = new Libsql(${JSON.stringify(path)});
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TEMP TABLE t (a)');
      database.prepare('SELECT count(*) FROM sqlite_schema').get([]);
      console.log('ok');
    } catch (error) {
      console.log(error.code);
    }`;
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim();
}

it('creates the file and the folders on its way', async () => {
  const path = join(temporaryFolder(), 'deep', 'er', 'sessions.db');
  const engine = openSqliteEngine({ path });
  await create(engine, 'c', 'one', 'hello');
  expect(await datas(engine, 'c')).toEqual(['hello']);
  await engine.close();
});

it('I7 what is stored is there when the file is opened again', async () => {
  const path = temporaryFile();
  const before = openSqliteEngine({ path });
  const { serial } = await create(before, 'c', 'one', 'hello');
  await before.commit('c', ada, [append(serial, 5, ' world')]);
  const page = await before.page('c', {});
  await before.close();
  const after = openSqliteEngine({ path });
  expect(await after.page('c', {})).toEqual(page);
  await after.close();
});

it('close stores what waits, folds the log into the file, and leaves one file', async () => {
  const path = temporaryFile();
  const engine = openSqliteEngine({ path });
  const waiting = create(engine, 'c', 'one', 'hello');
  expect(readdirSync(dirname(path))).toContain('sessions.db-wal');
  await engine.close();
  await engine.close();
  await waiting;
  expect(readdirSync(dirname(path))).toEqual(['sessions.db']);
  expect(tryElsewhere(path)).toBe('ok');
});

it('after close everything is refused as closed', async () => {
  const engine = openSqliteEngine({ path: temporaryFile() });
  const { serial } = await create(engine, 'c', 'one');
  await engine.close();
  const draft = { id: 'two', name: 'test', data: '' };
  for (const late of [
    engine.commit('c', ada, [{ action: 'create', draft }]),
    engine.signal('c', ada, draft),
    engine.tail('c', () => {}),
    engine.changesSince('c', 'x' as never),
    engine.message('c', serial),
    engine.page('c', {}),
    engine.annotations('c', serial, {}),
    engine.enter('c', { memberId: 'm', data: null }),
    engine.leave('c', 'm'),
    engine.renew('m'),
    engine.members('c'),
  ])
    await expect(late).rejects.toMatchObject({ name: 'ChannelError', code: 'closed' });
});

it('keeps everything in memory for :memory:', async () => {
  const engine = openSqliteEngine({ path: ':memory:' });
  await create(engine, 'c', 'one', 'hello');
  expect(await datas(engine, 'c')).toEqual(['hello']);
  await engine.close();
});

it('a second engine on the file is refused, in this process and in another, and the first works on', async () => {
  const path = temporaryFile();
  const first = openSqliteEngine({ path });
  await create(first, 'c', 'one', 'hello');
  expect(() => openSqliteEngine({ path })).toThrow(
    expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('in use') }),
  );
  // The refused one has not taken the first one's lock with it.
  expect(tryElsewhere(path)).toBe('SQLITE_BUSY');
  await create(first, 'c', 'two', 'world');
  await first.close();
  const second = openSqliteEngine({ path });
  expect(await datas(second, 'c')).toEqual(['world', 'hello']);
  expect(tryElsewhere(path)).toBe('SQLITE_BUSY');
  await second.close();
});

it("another application's database is refused and left as it was", () => {
  const path = temporaryFile();
  const theirs = new Libsql(path);
  theirs.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
  theirs.close();
  const before = readFileSync(path);
  expect(() => openSqliteEngine({ path })).toThrow(
    expect.objectContaining({ code: 'invalid', path: 'path' }),
  );
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(dirname(path))).toEqual(['sessions.db']);
});

it("another application's database in WAL mode stays in it", () => {
  const path = temporaryFile();
  // In a process of its own: the driver would keep the file until the connection is collected.
  const script = `
    const Libsql = require(${JSON.stringify(driver)});
    new Libsql(${JSON.stringify(path)}).exec('PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)');`;
  expect(spawnSync(process.execPath, ['-e', script]).status).toBe(0);
  expect(() => openSqliteEngine({ path })).toThrow(expect.objectContaining({ code: 'invalid' }));
  // https://sqlite.org/fileformat2.html#file_format_version_numbers
  expect([...readFileSync(path).subarray(18, 20)]).toEqual([2, 2]);
});

it('a file that a newer version wrote is refused', async () => {
  const path = temporaryFile();
  await openSqliteEngine({ path }).close();
  const newer = new Libsql(path);
  newer.exec('PRAGMA user_version = 1000');
  newer.close();
  expect(() => openSqliteEngine({ path })).toThrow(expect.objectContaining({ code: 'unsupported' }));
});

it('what is no database, no file or no path is refused', () => {
  const folder = temporaryFolder();
  const text = join(folder, 'text.db');
  writeFileSync(text, 'This is no database. '.repeat(100));
  expect(() => openSqliteEngine({ path: text })).toThrow(
    expect.objectContaining({ code: 'invalid', path: 'path' }),
  );
  expect(() => openSqliteEngine({ path: folder })).toThrow(expect.objectContaining({ code: 'unavailable' }));
  expect(() => openSqliteEngine({ path: join(text, 'under.db') })).toThrow(
    expect.objectContaining({ code: 'unavailable' }),
  );
  expect(() => openSqliteEngine({ path: '' })).toThrow(expect.objectContaining({ code: 'invalid' }));
  expect(() => openSqliteEngine({ path: ':memory:', synchronous: 'off' as never })).toThrow(TypeError);
});
