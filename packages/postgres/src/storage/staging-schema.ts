import { epochOf } from './epoch.ts';

/**
 * Publishing in a caller's transaction. What is staged waits in the transaction; only as it commits does the trigger take
 * the lock on each session's row, in one order for all, and issue serials by the clock of that moment (P29). A step of the
 * schema; the tick after the head stays free, as everywhere.
 */
export const STAGING = `
  CREATE TABLE $schema.staged (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    channel text NOT NULL,
    drafts json NOT NULL
  );
  CREATE INDEX staged_by_transaction ON $schema.staged (transaction);
  CREATE FUNCTION $schema.publish_staged() RETURNS trigger LANGUAGE plpgsql AS $body$
  DECLARE
    batch record;
    draft record;
    head record;
    known record;
    latest bigint;
    milliseconds double precision;
  BEGIN
    FOR batch IN
      WITH mine AS (
        DELETE FROM $schema.staged WHERE transaction = pg_current_xact_id() RETURNING seq, channel, drafts)
      SELECT * FROM mine ORDER BY channel, seq
    LOOP
      INSERT INTO $schema.sessions (name, tick) SELECT batch.channel, floor FROM $schema.store
        ON CONFLICT DO NOTHING;
      SELECT s.id, s.tick INTO head FROM $schema.sessions s WHERE s.name = batch.channel FOR UPDATE;
      latest := head.tick + 1;
      FOR draft IN SELECT * FROM json_to_recordset(batch.drafts) AS new (
        id text, owner text, fingerprint text, client_id text, claims text, name text, headers text, body text,
        bytes integer, length integer, folded integer, seals bigint)
      LOOP
        SELECT m.owner, m.fingerprint INTO known FROM $schema.messages m
          WHERE m.session = head.id AND md5(m.id) = md5(draft.id) AND m.id = draft.id;
        IF FOUND THEN
          CONTINUE WHEN known.owner = draft.owner AND known.fingerprint = draft.fingerprint;
          RAISE EXCEPTION 'The id of a draft was used for another message.' USING ERRCODE = 'HF409';
        END IF;
        IF draft.seals IS NOT NULL THEN
          PERFORM FROM $schema.messages m WHERE m.session = head.id AND m.serial = draft.seals;
          IF NOT FOUND THEN
            RAISE EXCEPTION 'The message that a draft seals is not there.' USING ERRCODE = 'HF404';
          END IF;
        END IF;
        milliseconds := floor(extract(epoch FROM clock_timestamp()) * 1000);
        latest := greatest(latest + 1, milliseconds::bigint * 1024);
        INSERT INTO $schema.messages (
          session, serial, id, owner, fingerprint, client_id, claims, timestamp, name, headers, version, rewritten,
          changed, deleted, sealed, bytes, length, body, body_at, folded
        ) VALUES (
          head.id, latest, draft.id, draft.owner, draft.fingerprint, draft.client_id, draft.claims, milliseconds,
          draft.name, draft.headers, latest, latest, latest, false, false, draft.bytes, draft.length, draft.body, latest,
          draft.folded);
        IF draft.seals IS NOT NULL THEN
          latest := latest + 1;
          UPDATE $schema.messages m SET version = latest, rewritten = latest, changed = latest, sealed = true
            WHERE m.session = head.id AND m.serial = draft.seals AND NOT m.sealed;
        END IF;
      END LOOP;
      CONTINUE WHEN latest = head.tick + 1;
      UPDATE $schema.sessions s SET tick = latest, token = NULL WHERE s.id = head.id;
      PERFORM pg_notify('$schema', pg_current_xact_id() || '.' || batch.seq || '.0.1:' || json_build_array(
        'heads', json_build_array(json_build_array(batch.channel, ${epochOf('$schema')}, latest))));
    END LOOP;
    RETURN NULL;
  END
  $body$;
  CREATE CONSTRAINT TRIGGER publish_staged AFTER INSERT ON $schema.staged
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION $schema.publish_staged();
`;
