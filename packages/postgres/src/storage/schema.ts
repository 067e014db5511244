import { ChannelError } from '@holdfast/channel';
import type { Connection, Database } from '../connection/database.ts';
import { STAGING } from './staging-schema.ts';

/**
 * What each version of the schema adds to the one before; `store.version` counts how many a database has had. `$schema`
 * stands for the schema's name.
 *
 * Serials and versions are ticks of one clock per session, so they are numbers here. Text is as `text.ts` encodes it.
 * `length` is in UTF-16 code units, NULL where the data is JSON and no string; `body` holds the first `folded` of them,
 * as of `body_at`, and `appends` the rest. Ids have no limit that an index could rely on: they are found by their hash, and
 * kept unique by the lock on the session's row.
 */
const STEPS = [
  `
  CREATE TABLE $schema.store (
    one integer PRIMARY KEY CHECK (one = 1),
    version integer NOT NULL,
    floor bigint NOT NULL DEFAULT 0
  );
  INSERT INTO $schema.store (one, version) VALUES (1, 0);
  CREATE TABLE $schema.sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    tick bigint NOT NULL,
    token text
  ) WITH (fillfactor = 50);
  CREATE TABLE $schema.messages (
    session bigint NOT NULL,
    serial bigint NOT NULL,
    id text NOT NULL,
    owner text NOT NULL,
    fingerprint text NOT NULL,
    client_id text,
    claims text,
    timestamp double precision NOT NULL,
    name text NOT NULL,
    headers text NOT NULL,
    annotations text,
    version bigint NOT NULL,
    rewritten bigint NOT NULL,
    changed bigint NOT NULL,
    deleted boolean NOT NULL,
    sealed boolean NOT NULL,
    bytes integer NOT NULL,
    length integer,
    body text NOT NULL,
    body_at bigint NOT NULL,
    folded integer NOT NULL,
    PRIMARY KEY (session, serial)
  ) PARTITION BY RANGE (serial);
  CREATE INDEX messages_by_id ON $schema.messages (session, md5(id));
  CREATE INDEX messages_by_change ON $schema.messages (session, changed);
  CREATE TABLE $schema.appends (
    session bigint NOT NULL,
    serial bigint NOT NULL,
    start integer NOT NULL,
    version bigint NOT NULL,
    data text NOT NULL,
    PRIMARY KEY (session, serial, start)
  ) PARTITION BY RANGE (serial);
  CREATE TABLE $schema.annotations (
    session bigint NOT NULL,
    serial bigint NOT NULL,
    version bigint NOT NULL,
    id text NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (session, serial, version)
  ) PARTITION BY RANGE (serial);
  CREATE INDEX annotations_by_id ON $schema.annotations (session, serial, md5(id));
  CREATE TABLE $schema.messages_rest PARTITION OF $schema.messages DEFAULT WITH (fillfactor = 80);
  CREATE TABLE $schema.appends_rest PARTITION OF $schema.appends DEFAULT;
  CREATE TABLE $schema.annotations_rest PARTITION OF $schema.annotations DEFAULT;
  CREATE INDEX ON $schema.messages_rest USING brin (serial);
  CREATE INDEX ON $schema.appends_rest USING brin (serial);
  CREATE INDEX ON $schema.annotations_rest USING brin (serial);
  CREATE UNLOGGED TABLE $schema.presence (
    channel text NOT NULL,
    member_id text NOT NULL,
    member text NOT NULL,
    expires timestamptz NOT NULL,
    PRIMARY KEY (channel, member_id)
  );
  CREATE INDEX presence_by_member ON $schema.presence (member_id);
  ${STAGING}
  `,
  // Under which fence messages are taken from a hot engine, see cold-store.ts.
  'ALTER TABLE $schema.sessions ADD COLUMN fence text',
] as const;

/** Postgres' oldest version that has all that is used here. */
const OLDEST = 140_000;

/**
 * Brings the schema to this version, creating it where there is none. Any number of processes may do so at once: one does,
 * the others wait for it. Where there is nothing to do, nothing is written and no right to is needed.
 *
 * @throws ChannelError `unsupported` (a newer version made the schema, or Postgres is too old), `unavailable`, `forbidden`
 */
export async function migrate(database: Database, schema: string): Promise<void> {
  const [server] = await database.read<{ version: number }>(
    `SELECT current_setting('server_version_num')::integer AS version`,
  );
  if ((server?.version ?? 0) < OLDEST)
    throw new ChannelError('unsupported', 'The engine needs Postgres 14 or newer.');
  if ((await versionOf(database, schema)) === STEPS.length) return;
  await database.transaction(async (connection) => {
    await connection.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`holdfast ${schema}`]);
    const version = await versionOf(connection, schema);
    if (version === 0) await connection.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    for (const step of STEPS.slice(version)) await connection.query(step.replaceAll('$schema', schema));
    await connection.query(`UPDATE ${schema}.store SET version = $1`, [STEPS.length]);
  });
}

async function versionOf(connection: Connection, schema: string): Promise<number> {
  // The catalog itself: what a backend remembers of it may be from before it waited for the lock.
  const tables = await connection.query(
    `SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'store'`,
    [schema],
  );
  if (tables.length === 0) return 0;
  const [row] = await connection.query<{ version: number }>(`SELECT version FROM ${schema}.store`);
  const version = row?.version ?? 0;
  if (version > STEPS.length)
    throw new ChannelError(
      'unsupported',
      `The schema ${schema} has version ${version}, and this version of @holdfast/postgres knows those up to ${STEPS.length}. Use a newer one.`,
    );
  return version;
}
