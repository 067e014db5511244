import type { Statement } from '../connection/database.ts';
import { epochOf } from './epoch.ts';

/** Columns of a message, as what is to be written has them. */
export const FIXED =
  'serial bigint, id text, owner text, fingerprint text, client_id text, claims text, timestamp float8';
export const CHANGING =
  'version bigint, rewritten bigint, changed bigint, deleted boolean, sealed boolean, annotations text, bytes integer, length integer, folded integer';
export const BODY = 'name text, headers text, body text, body_at bigint';

/** Columns without their types. */
export const names = (columns: string): string => columns.replaceAll(/ \w+(?=,|$)/g, '');

/**
 * Commits are this one statement, for any number of sessions. It takes the lock on each session's row, and does nothing
 * for one that is not where its caller planned from: at the tick and in the epoch that it knows, and without the ids that it
 * creates, and with messages that are still kept. Returns the numbers of the others. What is to be written bears the number of its session.
 *
 * 1 sessions, 2 epoch, 3 created, 4 changed, 5 appends, 6 annotations (JSON arrays but for the epoch)
 */
export function commitStatement(schema: string): Statement {
  const values = `${names(FIXED)}, ${names(CHANGING)}, ${names(BODY)}`;
  return {
    name: `${schema} commit`,
    text: `
WITH session AS (
  UPDATE ${schema}.sessions s SET tick = wanted.after, token = wanted.token
  FROM json_to_recordset($1::json) AS wanted (n integer, name text, before bigint, after bigint, token text, oldest bigint)
  WHERE s.name = wanted.name AND s.tick = wanted.before AND $2 = ${epochOf(schema)}
    AND wanted.oldest >= (SELECT floor FROM ${schema}.store)
    AND NOT EXISTS (
      SELECT FROM json_to_recordset($3::json) AS new (n integer, id text)
      JOIN ${schema}.messages m ON md5(m.id) = md5(new.id) AND m.id = new.id
      WHERE new.n = wanted.n AND m.session = s.id)
    AND NOT EXISTS (
      SELECT FROM json_to_recordset($6::json) AS new (n integer, serial bigint, id text)
      JOIN ${schema}.annotations a ON a.serial = new.serial AND md5(a.id) = md5(new.id) AND a.id = new.id
      WHERE new.n = wanted.n AND a.session = s.id)
  RETURNING s.id, wanted.n
), created AS (
  INSERT INTO ${schema}.messages (session, ${values})
  SELECT session.id, ${values.replaceAll(/(\w+)/g, 'new.$1')}
  FROM session JOIN json_to_recordset($3::json) AS new (n integer, ${FIXED}, ${CHANGING}, ${BODY}) USING (n)
), changed AS (
  UPDATE ${schema}.messages m SET
    version = new.version, rewritten = new.rewritten, changed = new.changed, deleted = new.deleted,
    sealed = new.sealed, annotations = new.annotations, bytes = new.bytes, length = new.length, folded = new.folded,
    name = coalesce(new.name, m.name), headers = coalesce(new.headers, m.headers),
    body = coalesce(new.body, m.body), body_at = coalesce(new.body_at, m.body_at)
  FROM session JOIN json_to_recordset($4::json) AS new (n integer, serial bigint, ${CHANGING}, ${BODY}) USING (n)
  WHERE m.session = session.id AND m.serial = new.serial
), folded AS (
  DELETE FROM ${schema}.appends a
  USING session JOIN json_to_recordset($4::json) AS new (n integer, serial bigint, body_at bigint) USING (n)
  WHERE a.session = session.id AND a.serial = new.serial AND new.body_at IS NOT NULL
), appended AS (
  INSERT INTO ${schema}.appends (session, serial, start, version, data)
  SELECT session.id, new.serial, new.start, new.version, new.text
  FROM session
  JOIN json_to_recordset($5::json) AS new (n integer, serial bigint, start integer, version bigint, text text) USING (n)
), annotated AS (
  INSERT INTO ${schema}.annotations (session, serial, version, id, content)
  SELECT session.id, new.serial, new.version, new.id, new.content
  FROM session
  JOIN json_to_recordset($6::json) AS new (n integer, serial bigint, version bigint, id text, content text) USING (n)
)
SELECT n FROM session`,
  };
}
