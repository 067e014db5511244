import type { Serial } from '@holdfast/channel';
import { pageLimit, pageOf, type Archive } from './archive.ts';
import { fromText, toText } from './stores/row.ts';

/** What `libsql`, `better-sqlite3` and `node:sqlite` have in common. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: (string | number)[]): unknown[];
    run(...values: (string | number)[]): unknown;
  };
}

export interface SqliteArchiveOptions {
  /** The table, made where it isn't there. Default `holdfast_archive`. */
  readonly table?: string;
}

/**
 * An archive in a table of a SQLite database, which stays its owner's to close.
 *
 * @throws TypeError for a table's name that is no lower-case identifier; what the driver throws
 */
export function createSqliteArchive(
  database: SqliteDatabase,
  { table = 'holdfast_archive' }: SqliteArchiveOptions = {},
): Archive {
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(table))
    throw new TypeError(
      'createSqliteArchive: table must be a lower-case identifier of at most 40 characters',
    );
  database.exec(`CREATE TABLE IF NOT EXISTS ${table} (
    session TEXT NOT NULL,
    serial TEXT NOT NULL,
    version TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (session, serial)
  ) WITHOUT ROWID`);
  const insert = database.prepare(
    `INSERT INTO ${table} (session, serial, version, entry) VALUES (?, ?, ?, ?)
     ON CONFLICT (session, serial) DO UPDATE SET version = excluded.version, entry = excluded.entry
     WHERE excluded.version >= ${table}.version`,
  );
  const select = (where: string): ((...values: (string | number)[]) => { readonly entry: string }[]) => {
    const statement = database.prepare(
      `SELECT entry FROM ${table} WHERE session = ? AND ${where} ORDER BY serial DESC LIMIT ?`,
    );
    return (...values) => statement.all(...values) as { readonly entry: string }[];
  };
  const newest = select('1 = 1');
  const older = select('serial < ?');
  const one = select('serial = ?');
  const forget = database.prepare(`DELETE FROM ${table} WHERE session = ?`);

  return {
    async read(session, query = {}) {
      const limit = pageLimit(query);
      const { below } = query;
      const rows = below === undefined ? newest(session, limit + 1) : older(session, below, limit + 1);
      return pageOf(
        rows.map(({ entry }) => fromText(entry)),
        limit,
      );
    },
    async find(session, serial: Serial) {
      return one(session, serial, 1).map(({ entry }) => fromText(entry))[0];
    },
    async save(session, entries) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const entry of entries)
          insert.run(session, entry.message.serial, entry.message.version, toText(entry));
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    async remove(session) {
      forget.run(session);
    },
  };
}
