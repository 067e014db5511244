import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ChannelError } from '@holdfast/channel';
import Libsql from 'libsql';
import { toChannelError, toOpenError } from './errors.ts';

/** What may be bound. (The driver ends the process when it is given a boolean.) */
export type Value = string | number | null;

/** A prepared statement. `Row` is what its columns are, as the schema has them. Throws ChannelErrors only. */
export interface Statement<Row> {
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): readonly Row[];
  run(...values: Value[]): void;
}

/** One SQLite database, which this process has for itself while it is open. Throws ChannelErrors only. */
export interface Database {
  prepare<Row>(sql: string): Statement<Row>;
  exec(sql: string): void;
  /** Whether a transaction is open; some failures end it at once. */
  readonly inTransaction: boolean;
  /** Runs `work` in a transaction, which is committed when this returns and undone when it throws. */
  transaction<T>(work: () => T): T;
  /** Folds the log into the file and lets go of it. Does nothing the second time. */
  close(): void;
}

/** How long to wait for another process that is about to let go of the file, in milliseconds. */
const LOCK_TIMEOUT_MS = 1000;

/**
 * Opens a file for this process alone, or creates it and its folder; `:memory:` is a database without a file. `check`
 * looks at what is there and throws where it is not ours; before it has passed, nothing is written.
 *
 * @throws ChannelError `unavailable` (in use, not writable, no file), `invalid` (no database), `storage_full`, `internal`
 * (damaged), and what `check` throws
 */
export function openDatabase(path: string, check: (database: Database) => void): Database {
  if (typeof path !== 'string' || path === '')
    throw new ChannelError('invalid', 'path: must name a file, or be :memory:', { path: 'path' });
  const driver = connect(path);
  let open = true;
  /** Whether the file is ours to change. */
  let ours = false;

  const told = <T>(work: () => T): T => {
    if (!open) throw new ChannelError('closed', 'The database was closed.');
    try {
      return work();
    } catch (error) {
      throw toChannelError(error);
    }
  };
  const inTransaction = (): boolean => open && driver.inTransaction;
  const rollback = (): void => {
    try {
      if (inTransaction()) driver.exec('ROLLBACK');
    } catch {
      // The error that led here says more.
    }
  };

  const database: Database = {
    prepare<Row>(sql: string): Statement<Row> {
      const statement = told(() => driver.prepare(sql));
      return {
        get: (...values) => told(() => statement.get(values) as Row | undefined),
        all: (...values) => told(() => statement.all(values) as readonly Row[]),
        run: (...values) => void told(() => statement.run(values)),
      };
    },
    exec: (sql) => void told(() => driver.exec(sql)),
    get inTransaction() {
      return inTransaction();
    },
    transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        rollback();
        throw error;
      }
    },
    close() {
      if (!open) return;
      rollback();
      if (path !== ':memory:') letGo(driver, ours);
      open = false;
      driver.close();
    },
  };

  try {
    // Before the first access: then the log's index lives in this process's memory, and no other can write behind it.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    check(database);
    ours = true;
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA journal_size_limit = 67108864');
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function connect(path: string): Libsql.Database {
  if (path === ':memory:') return new Libsql(path);
  // Absolute, so that the driver takes nothing for a URL.
  const file = resolve(path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    return new Libsql(file, { timeout: LOCK_TIMEOUT_MS });
  } catch (error) {
    throw toOpenError(error);
  }
}

/**
 * The driver closes the file only when the last statement is collected, so the lock is given up by hand: leaving WAL
 * mode folds the log into the file, and the read after it drops the lock. (Another application's file in WAL mode stays
 * locked until the collection.)
 */
function letGo(driver: Libsql.Database, ours: boolean): void {
  try {
    if (ours) driver.exec('PRAGMA journal_mode = DELETE');
    driver.exec('PRAGMA locking_mode = NORMAL');
    driver.prepare('SELECT count(*) FROM sqlite_schema').get([]);
  } catch {
    // No room to fold the log, or no lock was had: the log stays beside the file, and the next open finds it.
  }
}
