import { defineSchema } from '../sqlite/define-schema.ts';

/**
 * A cold store's file: `Cold` in ASCII is its mark. Serials and versions are ticks of one clock per session. Messages are
 * kept whole as JSON, which also has what text columns can't hold; `id` and `channel` are as `encodeText` has them.
 */
export const COLD_SCHEMA = defineSchema({
  mark: 0x436f6c64,
  steps: [
    `
    CREATE TABLE sessions (
      id INTEGER PRIMARY KEY,
      channel TEXT NOT NULL UNIQUE,
      fence TEXT
    );
    CREATE TABLE messages (
      session INTEGER NOT NULL,
      serial INTEGER NOT NULL,
      id TEXT NOT NULL,
      changed INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      content TEXT NOT NULL,
      PRIMARY KEY (session, serial)
    );
    CREATE INDEX messages_by_id ON messages (session, id);
    CREATE INDEX messages_by_change ON messages (session, changed);
    CREATE TABLE annotations (
      session INTEGER NOT NULL,
      serial INTEGER NOT NULL,
      version INTEGER NOT NULL,
      content TEXT NOT NULL,
      PRIMARY KEY (session, serial, version)
    ) WITHOUT ROWID;
    `,
  ],
});
