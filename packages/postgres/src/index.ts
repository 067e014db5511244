import type { ColdStore } from '@holdfast/channel/engine';
import type { Pool } from 'pg';
import { createColdStore } from './cold/cold-store.ts';
import { createDatabase, type Database } from './connection/database.ts';
import { toOpenError } from './connection/errors.ts';
import type { PostgresEngine } from './port.ts';
import { createPostgresEngine } from './postgres-engine.ts';
import { startRetention } from './retention/retention.ts';
import { migrate } from './storage/schema.ts';

export type { PostgresEngine } from './port.ts';
export type { Staged } from './transaction/publish-in.ts';

export interface PostgresEngineOptions {
  /**
   * Connections to a Postgres of version 14 or newer, two or more: one of them listens. They must reach the server itself,
   * or a proxy that keeps a connection to the server for each of them. The pool stays its owner's to end.
   */
  readonly pool: Pool;
  /** Where the tables are, and what notifications are called: a lower-case identifier. Default `holdfast`. */
  readonly schema?: string;
  /** The largest message, in bytes of UTF-8 JSON: data, headers, name and id together. Default 1 MiB. */
  readonly maxMessageBytes?: number;
  /** How long a presence member outlives its last sign of life, in milliseconds. Default 15,000. */
  readonly presenceLeaseMs?: number;
  /** How long to try while Postgres cannot be reached, in milliseconds. Default 10,000. */
  readonly retryMs?: number;
  /** How often to look for what no notification told of, in milliseconds. Default 2000. */
  readonly pollMs?: number;
  /**
   * How long messages are kept, in whole days by when they were created; they are dropped some time after. Must be the
   * same in all processes. Default: for ever.
   */
  readonly retentionDays?: number;
  /** The clock, in milliseconds since 1970. It may go back, and differ between processes; serials rise. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Opens an engine for any number of processes on one Postgres database, creating or migrating its tables where needed. A
 * receipt means that Postgres has committed, as durably as its `synchronous_commit` says. `close()` stores what is waiting.
 *
 * @throws ChannelError `unavailable` (Postgres can't be reached), `unauthenticated` (it refuses the login), `forbidden` (the
 * user may not create the schema), `invalid` (no such database), `unsupported` (a newer version made the schema, or
 * Postgres is older than 14)
 */
export async function openPostgresEngine({
  pool,
  schema = 'holdfast',
  ...options
}: PostgresEngineOptions): Promise<PostgresEngine> {
  if (pool.options.max < 2) throw new TypeError('openPostgresEngine: pool must have two connections or more');
  check('openPostgresEngine', schema, options.retentionDays);
  return openOver(pool, schema, options.retryMs, (database) =>
    createPostgresEngine(database, schema, options),
  );
}

export type PostgresColdStoreOptions = Pick<
  PostgresEngineOptions,
  'pool' | 'schema' | 'retryMs' | 'retentionDays' | 'now'
>;

/**
 * Opens a database as the cold store below a hot engine (`createTieredEngine` of `@holdfast/tiered`), for any number of
 * processes. The tables are those of `openPostgresEngine`: sessions that an engine has stored there are taken up, and an
 * engine may be opened on them again when nothing of them is left in the hot one. While they have two tiers nobody may
 * publish into them through such an engine.
 *
 * @throws ChannelError as `openPostgresEngine`
 */
export async function openPostgresColdStore({
  pool,
  schema = 'holdfast',
  retryMs,
  retentionDays,
  now = Date.now,
}: PostgresColdStoreOptions): Promise<ColdStore> {
  check('openPostgresColdStore', schema, retentionDays);
  return openOver(pool, schema, retryMs, (database) => {
    const store = createColdStore({ database, schema, catchUpBytes: CATCH_UP_BYTES });
    if (retentionDays === undefined) return store;
    const retention = startRetention({ database, schema, keepMs: retentionDays * DAY_MS, now });
    return {
      ...store,
      async close() {
        await retention.close();
        await store.close();
      },
    };
  });
}

const CATCH_UP_BYTES = 64 << 20;
const DAY_MS = 86_400_000;

function check(caller: string, schema: string, retentionDays = 1): void {
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema))
    throw new TypeError(`${caller}: schema must be a lower-case identifier of at most 40 characters`);
  if (!Number.isInteger(retentionDays) || retentionDays < 1)
    throw new TypeError(`${caller}: retentionDays must be a whole number from 1`);
}

async function openOver<T>(
  pool: Pool,
  schema: string,
  retryMs: number | undefined,
  create: (database: Database) => T,
): Promise<T> {
  const database = createDatabase(pool, retryMs ?? 10_000);
  try {
    await migrate(database, schema);
    return create(database);
  } catch (error) {
    database.close();
    throw toOpenError(error);
  }
}
