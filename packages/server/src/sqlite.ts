import type { ColdStore, Engine } from '@holdfast/channel/engine';
import { createColdStore } from './cold/cold-store.ts';
import { COLD_SCHEMA } from './cold/schema.ts';
import { openDatabase } from './sqlite/database.ts';
import { checkSchema } from './sqlite/schema.ts';
import { createSqliteEngine } from './sqlite/sqlite-engine.ts';

export interface SqliteEngineOptions {
  /**
   * The database file. It is created where there is none, with the folders on its way, and belongs to this engine alone
   * while it is open. `:memory:` keeps everything in memory instead, until the engine is closed.
   */
  readonly path: string;
  /**
   * What a receipt outlives. `full` (default): a killed process and a loss of power, for one fsync for all that arrives
   * in one turn of the event loop. `normal`: a killed process; a loss of power may take the last commits back, and where
   * the engine was not closed, the next one to open the file starts a new epoch, so that no reader is left with what is
   * gone.
   */
  readonly synchronous?: 'full' | 'normal';
  /** The largest message, in bytes of UTF-8 JSON: data, headers, name and id together. Default 1 MiB. */
  readonly maxMessageBytes?: number;
  /** How long a presence member outlives its last sign of life, in milliseconds. Default 15,000. */
  readonly presenceLeaseMs?: number;
  /** The clock, in milliseconds since 1970. It may go back; serials don't. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Opens the embedded engine: every channel of one machine in one SQLite file, for one process. Presence and signals live
 * in that process's memory. `close()` stores what is waiting and leaves one file, without a log beside it. A copy of the
 * file that is to live its own life beside the original begins with `DELETE FROM file`.
 *
 * @throws ChannelError `unavailable` (another engine has the file open, or it can't be opened or written), `invalid` (the
 * file is no SQLite database, or another application's), `unsupported` (a newer version wrote it), `storage_full`,
 * `internal` (damaged)
 */
export function openSqliteEngine({ path, ...options }: SqliteEngineOptions): Engine {
  if (!['full', 'normal', undefined].includes(options.synchronous))
    throw new TypeError('openSqliteEngine: synchronous must be full or normal');
  const database = openDatabase(path, checkSchema);
  try {
    return createSqliteEngine(database, options);
  } catch (error) {
    database.close();
    throw error;
  }
}

export interface SqliteColdStoreOptions {
  /** The database file, as with `openSqliteEngine`; not one that an engine has written. */
  readonly path: string;
}

/**
 * Opens a SQLite file as the cold store below a hot engine (`createTieredEngine` of `@holdfast/tiered`), for one process.
 * What it has taken outlives a killed process and a loss of power.
 *
 * @throws ChannelError as `openSqliteEngine`
 */
export function openSqliteColdStore({ path }: SqliteColdStoreOptions): ColdStore {
  const database = openDatabase(path, COLD_SCHEMA.check);
  try {
    return createColdStore({ database, catchUpBytes: CATCH_UP_BYTES });
  } catch (error) {
    database.close();
    throw error;
  }
}

const CATCH_UP_BYTES = 64 << 20;
