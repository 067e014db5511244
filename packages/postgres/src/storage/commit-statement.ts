import type { Statement } from '../connection/database.ts';
import { epochOf } from './epoch.ts';

const FIXED = 'serial bigint, id text, owner text, fingerprint text, client_id text, claims text, timestamp float8';
const CHANGING =
  'version bigint, rewritten bigint, changed bigint, deleted boolean, sealed boolean, annotations text, bytes integer, length integer, folded integer';
const BODY = 'name text, headers text, body text, body_at bigint';

const names = (columns: string): string => columns.replaceAll(/ \w+(?=,|$)/g, '');

/**
 * A commit is this one statement. It takes the lock on the session's row, and does nothing unless the session is where
 * the caller planned from: at the tick and in the epoch that it knows, and without the ids that it creates.
 *
 * 1 channel, 2 tick before, 3 epoch, 4 tick after, 5 token, 6 created, 7 changed, 8 appends, 9 annotations (JSON arrays)
 */
export function commitStatement(schema: string): Statement {
  const values = `${names(FIXED)}, ${names(CHANGING)}, ${names(BODY)}`;
  return {
    name: `${schema} commit`,
    text: `
WITH session AS (
  UPDATE ${schema}.sessions s SET tick = $4, token = $5
  WHERE s.name = $1 AND s.tick = $2 AND $3 = ${epochOf(schema)}
    AND NOT EXISTS (
      SELECT FROM json_to_recordset($6::json) AS new (id text)
      JOIN ${schema}.messages m ON md5(m.id) = md5(new.id) AND m.id = new.id WHERE m.session = s.id)
    AND NOT EXISTS (
      SELECT FROM json_to_recordset($9::json) AS new (serial bigint, id text)
      JOIN ${schema}.annotations a ON a.serial = new.serial AND md5(a.id) = md5(new.id) AND a.id = new.id
      WHERE a.session = s.id)
  RETURNING s.id
), created AS (
  INSERT INTO ${schema}.messages (session, ${values})
  SELECT session.id, ${values.replaceAll(/(\w+)/g, 'new.$1')}
  FROM session, json_to_recordset($6::json) AS new (${FIXED}, ${CHANGING}, ${BODY})
), changed AS (
  UPDATE ${schema}.messages m SET
    version = new.version, rewritten = new.rewritten, changed = new.changed, deleted = new.deleted,
    sealed = new.sealed, annotations = new.annotations, bytes = new.bytes, length = new.length, folded = new.folded,
    name = coalesce(new.name, m.name), headers = coalesce(new.headers, m.headers),
    body = coalesce(new.body, m.body), body_at = coalesce(new.body_at, m.body_at)
  FROM session, json_to_recordset($7::json) AS new (serial bigint, ${CHANGING}, ${BODY})
  WHERE m.session = session.id AND m.serial = new.serial
), folded AS (
  DELETE FROM ${schema}.appends a
  USING session, json_to_recordset($7::json) AS new (serial bigint, body_at bigint)
  WHERE a.session = session.id AND a.serial = new.serial AND new.body_at IS NOT NULL
), appended AS (
  INSERT INTO ${schema}.appends (session, serial, start, version, data)
  SELECT session.id, new.serial, new.start, new.version, new.text
  FROM session, json_to_recordset($8::json) AS new (serial bigint, start integer, version bigint, text text)
), annotated AS (
  INSERT INTO ${schema}.annotations (session, serial, version, id, content)
  SELECT session.id, new.serial, new.version, new.id, new.content
  FROM session, json_to_recordset($9::json) AS new (serial bigint, version bigint, id text, content text)
)
SELECT id FROM session`,
  };
}
