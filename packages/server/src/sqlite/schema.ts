import { defineSchema } from './define-schema.ts';

/**
 * What each version of the schema adds to the one before; `user_version` counts how many a file has had.
 *
 * Serials and versions are ticks of one clock per file, so a serial alone names a message. Text is as `text.ts` encodes
 * it. `length` is in UTF-16 code units, NULL where the data is JSON and no string; `bodies.data` holds the first
 * `folded` of them, and `appends` the rest.
 */
const STEPS = [
  `
  CREATE TABLE file (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL,
    tick INTEGER NOT NULL,
    reserved INTEGER
  );
  CREATE TABLE messages (
    serial INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    name TEXT NOT NULL,
    client_id TEXT,
    claims TEXT,
    timestamp REAL NOT NULL,
    version INTEGER NOT NULL,
    rewritten INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    sealed INTEGER NOT NULL,
    headers TEXT NOT NULL,
    annotations TEXT,
    bytes INTEGER NOT NULL,
    length INTEGER,
    folded INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX messages_by_id ON messages (channel, id);
  CREATE INDEX messages_by_serial ON messages (channel, serial);
  CREATE INDEX messages_by_change ON messages (channel, changed);
  CREATE TABLE bodies (
    serial INTEGER PRIMARY KEY,
    data TEXT NOT NULL
  );
  CREATE TABLE appends (
    serial INTEGER NOT NULL,
    start INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (serial, start)
  ) WITHOUT ROWID;
  CREATE TABLE annotations (
    serial INTEGER NOT NULL,
    version INTEGER NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (serial, version)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX annotations_by_id ON annotations (serial, id);
  `,
] as const;

/** An engine's file: `Hold` in ASCII is its mark. */
const ENGINE = defineSchema({ mark: 0x486f6c64, steps: STEPS });

/** Refuses a database that is another application's, or a newer version's. @throws ChannelError `invalid`, `unsupported` */
export const checkSchema = ENGINE.check;

/** Brings a database that `checkSchema` has passed to this version's schema. */
export const migrate = ENGINE.migrate;
