import { ChannelError } from '@holdfast/channel';
import {
  annotationPageOf,
  decodePosition,
  decodeVersion,
  encodePosition,
  pageOf,
  readLimit,
  tickOfCursor,
  type Engine,
} from '@holdfast/channel/engine';
import type { Connection } from './connection/database.ts';
import { entryFrom } from './storage/message-row.ts';
import type { Store } from './storage/store.ts';

export interface ReadingOptions {
  readonly reader: Connection;
  readonly store: Store;
  readonly catchUpBytes: number;
}

/** What an engine reads of what is stored, whoever stored it. */
export type Reading = Pick<Engine, 'changesSince' | 'message' | 'page' | 'annotations'>;

export function createReading({ reader, store, catchUpBytes }: ReadingOptions): Reading {
  return {
    async changesSince(channel, position) {
      const from = decodePosition(position);
      if (from === undefined) return undefined;
      const query = { since: from.tick, whole: true, maxBytes: catchUpBytes };
      const { epoch, tick, floor, rows } = await store.changes(reader, channel, query);
      if (from.epoch !== epoch || from.tick > tick || from.tick < floor || rows === undefined)
        return undefined;
      const changed = rows.map((row) => {
        const { message, rewritten } = entryFrom({ ...row, body: row.body ?? '' }).stored;
        return { message, rewritten };
      });
      return { changed, head: encodePosition(epoch, tick) };
    },
    async message(channel, serial) {
      const tick = decodeVersion(serial);
      if (tick === undefined) return undefined;
      const found = await store.load(reader, channel, { serials: [tick], ids: [], annotations: [] });
      return found?.entries[0]?.stored.message;
    },
    async page(channel, { until, cursor, limit }) {
      // Also of an earlier epoch: its ticks lie below those of now.
      const through = until === undefined ? undefined : decodePosition(until)?.tick;
      const count = readLimit(limit);
      const found = await store.page(reader, channel, {
        through: through ?? Number.MAX_SAFE_INTEGER,
        before: tickOfCursor(cursor) ?? Number.MAX_SAFE_INTEGER,
        limit: count + 1,
      });
      return pageOf(found, count);
    },
    async annotations(channel, serial, { cursor, limit }) {
      const tick = decodeVersion(serial);
      const after = tickOfCursor(cursor) ?? 0;
      const count = readLimit(limit);
      const found =
        tick === undefined
          ? undefined
          : await store.annotations(reader, channel, tick, { after, limit: count + 1 });
      if (found === undefined)
        throw new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
      return annotationPageOf(found, count);
    },
  };
}
