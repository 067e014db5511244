import type { Statement } from '../connection/database.ts';
import { epochOf } from './epoch.ts';
import { ENTRY_BYTES } from './message-row.ts';

const COLUMNS = `m.serial, m.id, m.owner, m.fingerprint, m.client_id, m.claims, m.timestamp, m.name, m.headers,
  m.annotations, m.version, m.rewritten, m.changed, m.deleted, m.sealed, m.bytes, m.length, m.folded`;

/** Everything that is read, each in one statement, so that what it says is of one moment. */
export interface ReadStatements {
  /** 1 channel */
  readonly lock: Statement;
  /** 1 channel, 2 serials, 3 ids, 4 JSON array of annotations' serial and id */
  readonly load: Statement;
  /** 1 channel, 2 since, 3 whether messages are wanted whole, 4 bytes at most */
  readonly changes: Statement;
  /** 1 channel, 2 through, 3 before, 4 limit */
  readonly page: Statement;
  /** 1 channel, 2 serial, 3 after, 4 limit */
  readonly annotations: Statement;
  /** 1 channels */
  readonly heads: Statement;
}

export function readStatements(schema: string): ReadStatements {
  const session = `(SELECT id FROM ${schema}.sessions WHERE name = $1)`;
  const tail = (columns: string, condition: string): string =>
    `(SELECT json_agg(${columns} ORDER BY a.start) FROM ${schema}.appends a
      WHERE a.session = m.session AND a.serial = m.serial AND ${condition})`;
  const whole = `${COLUMNS}, m.body, CASE WHEN m.length > m.folded THEN ${tail('a.data', 'true')} END AS tail`;
  const named = (name: string, text: string): Statement => ({ name: `${schema} ${name}`, text });
  return {
    lock: named(
      'lock',
      `SELECT tick::float8 AS tick, token, ${epochOf(schema)} AS epoch,
        (SELECT floor::float8 FROM ${schema}.store) AS floor
      FROM ${schema}.sessions WHERE name = $1 FOR UPDATE`,
    ),
    load: named(
      'load',
      `SELECT s.tick::float8 AS head, ${epochOf(schema)} AS epoch,
        (SELECT json_agg(found) FROM (
          SELECT ${whole} FROM ${schema}.messages m WHERE m.session = s.id AND m.serial = ANY ($2::bigint[])
          UNION ALL
          SELECT ${whole} FROM unnest($3::text[]) AS wanted (id)
          JOIN ${schema}.messages m ON md5(m.id) = md5(wanted.id) AND m.id = wanted.id
          WHERE m.session = s.id) found) AS messages,
        (SELECT json_agg(a.content) FROM json_to_recordset($4::json) AS wanted (serial bigint, id text)
          JOIN ${schema}.annotations a
          ON a.serial = wanted.serial AND md5(a.id) = md5(wanted.id) AND a.id = wanted.id
          WHERE a.session = s.id) AS annotations
      FROM ${schema}.sessions s WHERE s.name = $1`,
    ),
    changes: named(
      'changes',
      `WITH session AS (SELECT id, tick FROM ${schema}.sessions WHERE name = $1),
      extent AS (
        SELECT coalesce(sum(m.bytes + ${ENTRY_BYTES}), 0) AS bytes FROM ${schema}.messages m, session
        WHERE m.session = session.id AND m.changed > $2)
      SELECT ${epochOf(schema)} AS epoch, store.floor::float8 AS floor, session.tick::float8 AS head,
        extent.bytes > $4 AS excessive, m.*
      FROM ${schema}.store CROSS JOIN extent LEFT JOIN session ON true LEFT JOIN LATERAL (
        SELECT ${COLUMNS}, CASE WHEN fresh THEN m.body END AS body,
          CASE WHEN fresh THEN ${tail('a.data', 'true')} END AS tail,
          CASE WHEN NOT fresh THEN ${tail('json_build_array(a.version, a.start, a.data)', 'a.version > $2')} END AS growth
        FROM ${schema}.messages m,
          LATERAL (SELECT $3 OR greatest(m.rewritten, m.body_at) > $2 AS fresh) AS since
        WHERE m.session = session.id AND m.changed > $2 AND extent.bytes <= $4
      ) m ON true ORDER BY m.changed`,
    ),
    page: named(
      'page',
      `SELECT ${whole} FROM ${schema}.messages m
      WHERE m.session = ${session} AND m.serial <= $2 AND m.serial < $3 ORDER BY m.serial DESC LIMIT $4`,
    ),
    annotations: named(
      'annotations',
      `SELECT a.content FROM ${schema}.messages m LEFT JOIN LATERAL (
        SELECT content, version FROM ${schema}.annotations a
        WHERE a.session = m.session AND a.serial = m.serial AND a.version > $3 ORDER BY version LIMIT $4
      ) a ON true WHERE m.session = ${session} AND m.serial = $2 ORDER BY a.version`,
    ),
    heads: named(
      'heads',
      `SELECT name, tick::float8 AS tick, ${epochOf(schema)} AS epoch
      FROM ${schema}.sessions WHERE name = ANY ($1::text[])`,
    ),
  };
}
