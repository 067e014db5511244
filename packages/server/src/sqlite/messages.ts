import { encodeText, tickOf } from '@holdfast/channel/engine';
import type { Stored, Write } from '@holdfast/channel/engine';
import { prepareBodies, type Layout } from './bodies.ts';
import type { Database } from './database.ts';
import { changingColumns, fixedColumns, lengthOf, storedFrom, type MessageRow } from './message-row.ts';

/** What a message counts in memory beside its data. */
export const ENTRY_BYTES = 512;

/** A message, and where its data lies. */
export interface Entry {
  readonly channel: string;
  readonly stored: Stored;
  readonly layout: Layout;
}

/** The messages of all channels. Serials and versions are ticks here. */
export interface Messages {
  find(channel: string, serial: number): Entry | undefined;
  serialOf(channel: string, id: string): number | undefined;
  /** Newest first. */
  page(
    channel: string,
    bounds: { readonly through: number; readonly before: number; readonly limit: number },
  ): readonly Stored[];
  /** About how much memory the messages take that changed after a tick. */
  bytesSince(channel: string, tick: number): number;
  /** In order of the last change. */
  changedSince(channel: string, tick: number): readonly Stored[];
  /** Stores a write to a message whose data lies as `layout` says, where the caller knows; returns how it lies then. */
  write(channel: string, write: Write, layout: Layout | undefined): Layout;
}

export function prepareMessages(database: Database): Messages {
  const bodies = prepareBodies(database);
  const bySerial = database.prepare<MessageRow>('SELECT * FROM messages WHERE serial = ? AND channel = ?');
  const byId = database.prepare<{ serial: number }>(
    'SELECT serial FROM messages WHERE channel = ? AND id = ?',
  );
  const newest = database.prepare<MessageRow>(
    'SELECT * FROM messages WHERE channel = ? AND serial <= ? AND serial < ? ORDER BY serial DESC LIMIT ?',
  );
  const extent = database.prepare<{ bytes: number }>(
    `SELECT total(bytes + ${ENTRY_BYTES}) AS bytes FROM messages WHERE channel = ? AND changed > ?`,
  );
  const changed = database.prepare<MessageRow>(
    'SELECT * FROM messages WHERE channel = ? AND changed > ? ORDER BY changed',
  );
  const layoutOf = database.prepare<{ folded: number }>('SELECT folded FROM messages WHERE serial = ?');
  const insert = database.prepare(`
    INSERT INTO messages (
      serial, channel, id, owner, fingerprint, client_id, claims, timestamp,
      name, version, rewritten, changed, deleted, sealed, headers, annotations, bytes, length, folded
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = database.prepare(`
    UPDATE messages SET
      name = ?, version = ?, rewritten = ?, changed = ?, deleted = ?, sealed = ?, headers = ?, annotations = ?,
      bytes = ?, length = ?, folded = ?
    WHERE serial = ?`);
  const grow = database.prepare(
    'UPDATE messages SET version = ?, changed = ?, bytes = ?, length = ?, folded = ? WHERE serial = ?',
  );

  const load = (row: MessageRow): Stored => storedFrom(row, bodies.read(row));
  const read = (serial: number): Layout => ({ folded: layoutOf.get(serial)?.folded ?? 0 });

  return {
    find(channel, serial) {
      const row = bySerial.get(serial, encodeText(channel));
      if (row === undefined) return undefined;
      return { channel, stored: load(row), layout: { folded: row.folded } };
    },
    serialOf: (channel, id) => byId.get(encodeText(channel), encodeText(id))?.serial,
    page: (channel, { through, before, limit }) =>
      newest.all(encodeText(channel), through, before, limit).map(load),
    bytesSince: (channel, tick) => extent.get(encodeText(channel), tick)?.bytes ?? 0,
    changedSince: (channel, tick) => changed.all(encodeText(channel), tick).map(load),
    write(channel, write, known) {
      const { stored } = write;
      const { data } = stored.message;
      const serial = tickOf(stored.message.serial);
      switch (write.kind) {
        case 'create': {
          const layout = bodies.create(serial, data);
          insert.run(...fixedColumns(channel, stored), ...changingColumns(stored), layout.folded);
          return layout;
        }
        case 'replace': {
          const layout = bodies.replace(serial, data);
          update.run(...changingColumns(stored), layout.folded, serial);
          return layout;
        }
        case 'append': {
          const append = { data: write.data, offset: write.offset, whole: data };
          const layout = bodies.append(serial, append, known ?? read(serial));
          const { version } = stored.message;
          grow.run(
            tickOf(version),
            tickOf(stored.changed),
            stored.bytes,
            lengthOf(data),
            layout.folded,
            serial,
          );
          return layout;
        }
        case 'annotate': {
          const layout = known ?? read(serial);
          update.run(...changingColumns(stored), layout.folded, serial);
          return layout;
        }
      }
    },
  };
}
