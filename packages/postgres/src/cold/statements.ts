import { BODY, CHANGING, FIXED, names } from '../storage/commit-statement.ts';
import type { Statement } from '../connection/database.ts';

/** What a cold store does beside what an engine reads. */
export interface ColdStatements {
  /** 1 channel */
  readonly extent: Statement;
  /** 1 channel, 2 fence */
  readonly claim: Statement;
  /** 1 channel, 2 fence, 3 last change, 4 messages, 5 annotations (JSON arrays). A row where the fence is the one. */
  readonly put: Statement;
  /** 1 channel, 2 serials */
  readonly copies: Statement;
  /** 1 channel, 2 serials */
  readonly annotations: Statement;
  readonly floor: Statement;
}

export function coldStatements(schema: string): ColdStatements {
  const session = `(SELECT id FROM ${schema}.sessions WHERE name = $1)`;
  const floor = `(SELECT floor FROM ${schema}.store)`;
  const changing = `${names(CHANGING)}, ${names(BODY)}`;
  const values = `${names(FIXED)}, ${changing}`;
  const named = (name: string, text: string): Statement => ({ name: `${schema} cold ${name}`, text });
  return {
    extent: named(
      'extent',
      `SELECT s.fence, s.tick::float8 AS changed,
        (SELECT max(serial)::float8 FROM ${schema}.messages m WHERE m.session = s.id) AS newest
      FROM ${schema}.sessions s WHERE name = $1`,
    ),
    claim: named(
      'claim',
      `INSERT INTO ${schema}.sessions (name, tick, fence) SELECT $1, ${floor}, $2
      ON CONFLICT (name) DO UPDATE SET fence = excluded.fence`,
    ),
    put: named(
      'put',
      `
WITH session AS (
  UPDATE ${schema}.sessions SET tick = greatest(tick, $3) WHERE name = $1 AND fence = $2 RETURNING id
), stored AS (
  INSERT INTO ${schema}.messages AS m (session, ${values})
  SELECT session.id, ${values.replaceAll(/(\w+)/g, 'new.$1')}
  FROM session, json_to_recordset($4::json) AS new (${FIXED}, ${CHANGING}, ${BODY})
  WHERE new.serial >= ${floor}
  ON CONFLICT (session, serial) DO UPDATE SET ${changing.replaceAll(/(\w+)/g, '$1 = excluded.$1')}
  WHERE m.changed < excluded.changed
  RETURNING session, serial
), folded AS (
  DELETE FROM ${schema}.appends a USING stored WHERE a.session = stored.session AND a.serial = stored.serial
), annotated AS (
  INSERT INTO ${schema}.annotations (session, serial, version, id, content)
  SELECT session.id, new.serial, new.version, new.id, new.content
  FROM session, json_to_recordset($5::json) AS new (serial bigint, version bigint, id text, content text)
  WHERE new.serial >= ${floor}
  ON CONFLICT (session, serial, version) DO NOTHING
)
SELECT id FROM session`,
    ),
    copies: named(
      'copies',
      `SELECT serial::float8 AS serial, changed::float8 AS changed
      FROM ${schema}.messages WHERE session = ${session} AND serial = ANY ($2::bigint[])`,
    ),
    annotations: named(
      'annotations',
      `SELECT serial::float8 AS serial, content FROM ${schema}.annotations
      WHERE session = ${session} AND serial = ANY ($2::bigint[]) ORDER BY serial, version`,
    ),
    floor: named('floor', `SELECT floor::float8 AS floor FROM ${schema}.store`),
  };
}
