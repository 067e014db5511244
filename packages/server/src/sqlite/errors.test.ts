import { ChannelError } from '@holdfast/channel';
import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { SQLITE_ERRORS, toChannelError, toOpenError } from './errors.ts';

/** As the driver throws it. (Its declaration calls the constructor a type.) */
function driverError(name: string, rawCode: number): Error {
  return Object.assign(new Error(`driver: ${name}`), { name: 'SqliteError', code: name, rawCode });
}

for (const [rawCode, { sqlite, code, message, path }] of SQLITE_ERRORS)
  it(`${sqlite} is ${code}`, () => {
    const cause = driverError(sqlite, rawCode);
    const error = toChannelError(cause);
    expect(error).toBeInstanceOf(ChannelError);
    expect(error).toMatchObject({ code, message, path, cause });
    // A sentence that says what happened or what to do.
    expect(message).toMatch(/^[A-Z].{20,}\.$/);
  });

it('an extended result code that is not listed counts as its primary one', () => {
  // SQLITE_READONLY_DBMOVED, SQLITE_IOERR_READ, SQLITE_CORRUPT_INDEX, SQLITE_CANTOPEN_ISDIR
  expect([1032, 266, 779, 526].map((raw) => toChannelError(driverError('', raw)).code)).toEqual([
    'unavailable',
    'unavailable',
    'internal',
    'unavailable',
  ]);
});

it('what nobody foresaw is internal, with its cause', () => {
  const cause = new TypeError('oops');
  expect(toChannelError(cause)).toMatchObject({ code: 'internal', cause });
  expect(toChannelError(driverError('SQLITE_CONSTRAINT_UNIQUE', 2067))).toMatchObject({ code: 'internal' });
  expect(toChannelError('a string')).toMatchObject({ code: 'internal', cause: 'a string' });
});

it('a ChannelError stays what it is', () => {
  const error = new ChannelError('conflict', 'No.');
  expect(toChannelError(error)).toBe(error);
});

it("the driver's own errors carry what the table goes by", () => {
  const driver = new Libsql(':memory:');
  const thrownBy = (work: () => unknown): ChannelError => {
    try {
      work();
    } catch (error) {
      return toChannelError(error);
    }
    throw new Error('Nothing was thrown.');
  };
  driver.exec('CREATE TABLE t (a)');
  driver.exec('PRAGMA query_only = ON');
  expect(thrownBy(() => driver.exec('INSERT INTO t VALUES (1)')).code).toBe('unavailable');
  driver.exec('PRAGMA query_only = OFF');
  driver.exec('PRAGMA max_page_count = 3');
  const insert = driver.prepare('INSERT INTO t VALUES (?)');
  expect(thrownBy(() => insert.run(['x'.repeat(100_000)])).code).toBe('storage_full');
  expect(thrownBy(() => driver.prepare('SELECT zeroblob(2000000000)').get([])).code).toBe('too_large');
  driver.close();
});

it("the driver's constructor tells a code at the end of its text", () => {
  const told = (message: string): string => toOpenError(new Error(message)).code;
  expect(told('ConnectionFailed("Unable to open connection to local database /a/b: 14")')).toBe(
    'unavailable',
  );
  expect(told('ConnectionFailed("Unable to open connection to local database /a/b: 26")')).toBe('invalid');
  expect(told('something else')).toBe('unavailable');
});
