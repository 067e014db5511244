import type { Database, Statement } from '../sqlite/database.ts';

/** The cold store's SQL. The first value of each but `session` and `claim` is the session's number. */
export interface ColdStatements {
  /** channel */
  readonly session: Statement<{ id: number; fence: string | null }>;
  /** channel, fence */
  readonly claim: Statement<never>;
  /** twice the session */
  readonly extent: Statement<{ newest: number | null; changed: number | null }>;
  /** serial, id, changed, bytes, content */
  readonly put: Statement<never>;
  /** serial, version, content */
  readonly annotate: Statement<never>;
  /** serial */
  readonly changed: Statement<{ changed: number }>;
  /** serial */
  readonly message: Statement<{ content: string }>;
  /** id */
  readonly serial: Statement<{ serial: number }>;
  /** below, limit */
  readonly page: Statement<{ content: string }>;
  /** tick */
  readonly bytes: Statement<{ bytes: number }>;
  /** tick */
  readonly changes: Statement<{ content: string }>;
  /** serial, after, limit */
  readonly annotations: Statement<{ content: string }>;
}

/** What a message counts in memory beside its data. */
const ENTRY_BYTES = 512;

export function prepareStatements(database: Database): ColdStatements {
  return {
    session: database.prepare('SELECT id, fence FROM sessions WHERE channel = ?'),
    claim: database.prepare(
      `INSERT INTO sessions (channel, fence) VALUES (?, ?)
      ON CONFLICT (channel) DO UPDATE SET fence = excluded.fence`,
    ),
    extent: database.prepare(
      `SELECT (SELECT max(serial) FROM messages WHERE session = ?) AS newest,
        (SELECT max(changed) FROM messages WHERE session = ?) AS changed`,
    ),
    put: database.prepare(
      `INSERT INTO messages (session, serial, id, changed, bytes, content) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (session, serial) DO UPDATE SET
        changed = excluded.changed, bytes = excluded.bytes, content = excluded.content
      WHERE messages.changed < excluded.changed`,
    ),
    annotate: database.prepare(
      'INSERT OR IGNORE INTO annotations (session, serial, version, content) VALUES (?, ?, ?, ?)',
    ),
    changed: database.prepare('SELECT changed FROM messages WHERE session = ? AND serial = ?'),
    message: database.prepare('SELECT content FROM messages WHERE session = ? AND serial = ?'),
    serial: database.prepare('SELECT serial FROM messages WHERE session = ? AND id = ?'),
    page: database.prepare(
      'SELECT content FROM messages WHERE session = ? AND serial < ? ORDER BY serial DESC LIMIT ?',
    ),
    bytes: database.prepare(
      `SELECT total(bytes + ${ENTRY_BYTES}) AS bytes FROM messages WHERE session = ? AND changed > ?`,
    ),
    changes: database.prepare(
      'SELECT content FROM messages WHERE session = ? AND changed > ? ORDER BY changed',
    ),
    annotations: database.prepare(
      'SELECT content FROM annotations WHERE session = ? AND serial = ? AND version > ? ORDER BY version LIMIT ?',
    ),
  };
}
