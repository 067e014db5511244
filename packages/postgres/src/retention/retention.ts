import { TICKS_PER_MS } from '@holdfast/channel/engine';
import type { Database } from '../connection/database.ts';

export interface RetentionOptions {
  readonly database: Database;
  readonly schema: string;
  /** How long messages are kept, in milliseconds. */
  readonly keepMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Drops what is older than it must be kept, a partition at a time. */
export interface Retention {
  /** Makes partitions for what comes, and drops those that are over. */
  run(): Promise<void>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Into how many partitions what is kept falls, at most: each one makes every lookup by id a little dearer. */
const PARTS = 8;
/** How many partitions there are ahead of the clock. */
const AHEAD = 2;
const TABLES = ['messages', 'appends', 'annotations'] as const;

export function startRetention(options: RetentionOptions): Retention {
  const run = (): Promise<void> => maintain(options);
  // What fails (a lock that is not had, Postgres away) is done an hour later.
  let running: Promise<void> = run().catch(() => {});
  const timer = setInterval(() => {
    running = running.then(run).catch(() => {});
  }, HOUR_MS);
  timer.unref();
  return {
    run,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

/**
 * Whoever finds another process at it leaves it to that one. A partition holds the messages whose serials fall in a
 * stretch of time, with all that belongs to them. What was stored before there were partitions lies in the tables' rests,
 * and is deleted there.
 */
async function maintain({ database, schema, keepMs, now }: RetentionOptions): Promise<void> {
  const width = Math.max(1, Math.ceil(keepMs / DAY_MS / PARTS)) * DAY_MS;
  const start = (ms: number): number => Math.floor(ms / width) * width;
  const floor = start(now() - keepMs) * TICKS_PER_MS;
  await database.transaction(async (connection) => {
    const [lock] = await connection.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
      [`holdfast retention ${schema}`],
    );
    if (lock?.taken !== true) return;
    // Commits wait behind this for as long as it waits itself.
    await connection.query(`SET LOCAL lock_timeout = '2s'`);
    for (let part = 0; part <= AHEAD; part += 1) {
      const from = (start(now()) + part * width) * TICKS_PER_MS;
      for (const table of TABLES)
        await connection.query(createPartition(schema, table, from, from + width * TICKS_PER_MS));
    }
    const partitions = await connection.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename ~ '_\\d+_\\d+$'`,
      [schema],
    );
    for (const { name } of partitions)
      if (Number(name.slice(name.lastIndexOf('_') + 1)) <= floor)
        await connection.query(`DROP TABLE ${schema}.${name}`);
    for (const table of TABLES)
      await connection.query(`DELETE FROM ${schema}.${table}_rest WHERE serial < $1`, [floor]);
    await connection.query(`UPDATE ${schema}.store SET floor = greatest(floor, $1)`, [floor]);
    await connection.query(
      `DELETE FROM ${schema}.sessions s WHERE tick < $1
      AND NOT EXISTS (SELECT FROM ${schema}.messages m WHERE m.session = s.id)`,
      [floor],
    );
  });
}

/** Nothing where there is one, or where the rest already has messages of that time. */
function createPartition(schema: string, table: string, from: number, to: number): string {
  return `DO $body$ BEGIN
    IF to_regclass('${schema}.${table}_${from}_${to}') IS NULL THEN
      CREATE TABLE ${schema}.${table}_${from}_${to} PARTITION OF ${schema}.${table} FOR VALUES FROM (${from}) TO (${to});
    END IF;
  EXCEPTION WHEN check_violation OR invalid_object_definition THEN NULL;
  END $body$`;
}
