import { decodeText, encodeText } from '@holdfast/channel/engine';
import type { JsonValue } from '@holdfast/channel';
import type { Database } from './database.ts';
import { encodeBody, lengthOf, type MessageRow } from './message-row.ts';

/** Appends stay beside a body until they are longer than this, and than a quarter of the whole. */
const SHORT_TAIL = 8192;

/** Appends share a row up to this length: a row for each token would make reading slow. */
const CHUNK = 1024;

/** Where a message's data lies on disk, in UTF-16 code units: the first `folded` in its body, the rest in appends. */
export interface Layout {
  readonly folded: number;
  /** The last row of the appends, where that is known: the next append may join it. */
  readonly chunk?: { readonly start: number; readonly text: string };
}

export interface Append {
  readonly data: string;
  readonly offset: number;
  /** The message's data with the append. */
  readonly whole: JsonValue;
}

/**
 * The data of messages. What an append costs does not depend on how long the message is: the body is rewritten only when
 * the appends beside it have grown by a share of it, which adds up to a few times the text.
 */
export interface Bodies {
  read(row: Pick<MessageRow, 'serial' | 'length' | 'folded'>): JsonValue;
  create(serial: number, data: JsonValue): Layout;
  replace(serial: number, data: JsonValue): Layout;
  append(serial: number, append: Append, layout: Layout): Layout;
}

export function prepareBodies(database: Database): Bodies {
  const select = database.prepare<{ data: string }>('SELECT data FROM bodies WHERE serial = ?');
  const tail = database.prepare<{ data: string }>('SELECT data FROM appends WHERE serial = ? ORDER BY start');
  const insert = database.prepare('INSERT INTO bodies (serial, data) VALUES (?, ?)');
  const update = database.prepare('UPDATE bodies SET data = ? WHERE serial = ?');
  const putChunk = database.prepare('INSERT OR REPLACE INTO appends (serial, start, data) VALUES (?, ?, ?)');
  const deleteChunks = database.prepare('DELETE FROM appends WHERE serial = ?');

  const replace = (serial: number, data: JsonValue): Layout => {
    update.run(encodeBody(data), serial);
    deleteChunks.run(serial);
    return { folded: lengthOf(data) ?? 0 };
  };

  return {
    read({ serial, length, folded }) {
      const stored = select.get(serial)?.data ?? '';
      if (length === null) return JSON.parse(stored) as JsonValue;
      const text = decodeText(stored);
      if (length === folded) return text;
      return tail.all(serial).reduce((data, chunk) => data + decodeText(chunk.data), text);
    },
    create(serial, data) {
      insert.run(serial, encodeBody(data));
      return { folded: lengthOf(data) ?? 0 };
    },
    replace,
    append(serial, { data, offset, whole }, { folded, chunk }) {
      const length = lengthOf(whole) ?? 0;
      if (length - folded > Math.max(SHORT_TAIL, length / 4)) return replace(serial, whole);
      const joined =
        chunk !== undefined && chunk.text.length + data.length <= CHUNK
          ? { start: chunk.start, text: chunk.text + data }
          : { start: offset, text: data };
      putChunk.run(serial, joined.start, encodeText(joined.text));
      return { folded, chunk: joined };
    },
  };
}
