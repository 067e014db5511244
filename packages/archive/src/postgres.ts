import { pageLimit, pageOf, type Archive, type ArchivedMessage } from './archive.ts';
import { fromText, toText } from './stores/row.ts';

/** What is used of a `Pool` of `pg`; any client with such a `query` will do. */
export interface PostgresQueries {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

export interface PostgresArchiveOptions {
  /** The table, made where it isn't there. May name a schema, which must be there: `app.archive`. Default `holdfast_archive`. */
  readonly table?: string;
}

/**
 * An archive in a table of a Postgres database. The pool stays its owner's to end.
 *
 * @throws TypeError for a table's name that is no lower-case identifier; what `pg` throws
 */
export async function openPostgresArchive(
  pool: PostgresQueries,
  { table = 'holdfast_archive' }: PostgresArchiveOptions = {},
): Promise<Archive> {
  if (!/^([a-z_][a-z0-9_]{0,39}\.)?[a-z_][a-z0-9_]{0,39}$/.test(table))
    throw new TypeError(
      'openPostgresArchive: table must be a lower-case identifier of at most 40 characters',
    );
  await createTable(pool, table);

  const select = async (where: string, ...values: unknown[]): Promise<readonly ArchivedMessage[]> => {
    const { rows } = await pool.query(
      `SELECT entry FROM ${table} WHERE session = $1 AND ${where} ORDER BY serial DESC LIMIT $2`,
      values,
    );
    return (rows as readonly { readonly entry: string }[]).map(({ entry }) => fromText(entry));
  };

  return {
    async read(session, query = {}) {
      const limit = pageLimit(query);
      const { below } = query;
      const entries = await (below === undefined
        ? select('true', session, limit + 1)
        : select('serial < $3', session, limit + 1, below));
      return pageOf(entries, limit);
    },
    find: async (session, serial) => (await select('serial = $3', session, 1, serial))[0],
    async save(session, entries) {
      // One statement, so all or none. A row may be written once in it: of one message the newest is.
      const newest = new Map<string, ArchivedMessage>();
      for (const entry of entries) {
        const known = newest.get(entry.message.serial);
        if (known === undefined || known.message.version <= entry.message.version)
          newest.set(entry.message.serial, entry);
      }
      const rows = [...newest.values()];
      await pool.query(
        `INSERT INTO ${table} AS saved (session, serial, version, entry)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
         ON CONFLICT (session, serial) DO UPDATE SET version = excluded.version, entry = excluded.entry
         WHERE excluded.version >= saved.version`,
        [
          session,
          rows.map(({ message }) => message.serial),
          rows.map(({ message }) => message.version),
          rows.map(toText),
        ],
      );
    },
    async remove(session) {
      await pool.query(`DELETE FROM ${table} WHERE session = $1`, [session]);
    },
  };
}

/** Several processes may make it at once, of which Postgres may let one fail. */
async function createTable(pool: PostgresQueries, table: string): Promise<void> {
  const create = (): Promise<unknown> =>
    pool.query(`CREATE TABLE IF NOT EXISTS ${table} (
      session text COLLATE "C" NOT NULL,
      serial text COLLATE "C" NOT NULL,
      version text COLLATE "C" NOT NULL,
      entry text NOT NULL,
      PRIMARY KEY (session, serial)
    )`);
  await create().catch(create);
}
