import type { Annotation, Serial } from '@holdfast/channel';
import {
  decodeVersion,
  encodeSerial,
  encodeText,
  encodeVersion,
  pageOf,
  readLimit,
  tickOf,
  type ColdStore,
  type Copy,
} from '@holdfast/channel/engine';
import type { Connection, Database } from '../connection/database.ts';
import { createReading } from '../reading.ts';
import { entryFrom } from '../storage/message-row.ts';
import { wholeColumns } from '../storage/net-writes.ts';
import { createStore } from '../storage/store.ts';
import { coldStatements } from './statements.ts';

export interface ColdStoreParts {
  readonly database: Database;
  readonly schema: string;
  /** Bytes of changed messages that catching up reads at most. */
  readonly catchUpBytes: number;
}

/** The tables of an engine as the cold one of two: what an engine has stored in them is here as well, and the other way. */
export function createColdStore({ database, schema, catchUpBytes }: ColdStoreParts): ColdStore {
  const sql = coldStatements(schema);
  const store = createStore(schema);
  const reader: Connection = { query: database.read };
  const reading = createReading({ reader, store, catchUpBytes });

  const extentOf = async (connection: Connection, channel: string) => {
    interface Row {
      readonly fence: string | null;
      readonly changed: number;
      readonly newest: number | null;
    }
    const [row] = await connection.query<Row>(sql.extent, [encodeText(channel)]);
    return { newest: row?.newest ?? 0, changed: row?.changed ?? 0, fence: row?.fence ?? undefined };
  };
  const copiesOf = async (channel: string, serials: readonly Serial[]): Promise<readonly Copy[]> => {
    const rows = await reader.query<{ serial: number; changed: number }>(sql.copies, [
      encodeText(channel),
      serials.map(tickOf),
    ]);
    return rows.map((row) => ({ serial: encodeSerial(row.serial), changed: encodeVersion(row.changed) }));
  };

  return {
    extent: (channel) => extentOf(reader, channel),
    claim: (channel, fence) =>
      database.transaction(async (connection) => {
        await connection.query(sql.claim, [encodeText(channel), fence]);
        return extentOf(connection, channel);
      }),
    async put(channel, fence, entries) {
      const annotations = entries.flatMap((entry) => entry.annotations);
      const taken = await database.query(sql.put, [
        encodeText(channel),
        fence,
        Math.max(0, ...entries.map(({ stored }) => tickOf(stored.changed))),
        JSON.stringify(entries.map(({ stored }) => wholeColumns(stored))),
        JSON.stringify(annotations.map(annotationColumns)),
      ]);
      if (taken.length === 0) return undefined;
      const serials = entries.map(({ stored }) => stored.message.serial);
      const [row] = await reader.query<{ floor: number }>(sql.floor);
      const floor = encodeSerial(row?.floor ?? 0);
      // What retention would take away at once need not be given again.
      const expired = entries.filter(({ stored }) => stored.message.serial < floor);
      return [
        ...(await copiesOf(channel, serials)),
        ...expired.map(({ stored: { message, changed } }) => ({ serial: message.serial, changed })),
      ];
    },
    copies: copiesOf,
    async load(channel, { serials, ids }) {
      const ticks = serials.flatMap((serial) => decodeVersion(serial) ?? []);
      const loaded = await store.load(reader, channel, { serials: ticks, ids, annotations: [] });
      const bySerial = new Map((loaded?.entries ?? []).map(({ stored }) => [stored.message.serial, stored]));
      if (bySerial.size === 0) return [];
      const rows = await reader.query<{ serial: number; content: string }>(sql.annotations, [
        encodeText(channel),
        [...bySerial.keys()].map(tickOf),
      ]);
      return [...bySerial].map(([serial, stored]) => ({
        stored,
        annotations: rows
          .filter((row) => encodeSerial(row.serial) === serial)
          .map(({ content }) => JSON.parse(content) as Annotation),
      }));
    },
    async page(channel, { below, limit }) {
      const count = readLimit(limit);
      const bounds = { through: Number.MAX_SAFE_INTEGER, before: below, limit: count + 1 };
      return pageOf(await store.page(reader, channel, bounds), count);
    },
    async changesSince(channel, tick) {
      const query = { since: tick, whole: true, maxBytes: catchUpBytes };
      const { floor, rows } = await store.changes(reader, channel, query);
      if (rows === undefined || tick < floor) return undefined;
      return rows.map((row) => {
        const { message, rewritten } = entryFrom({ ...row, body: row.body ?? '' }).stored;
        return { message, rewritten };
      });
    },
    message: reading.message,
    annotations: reading.annotations,
    close: async () => database.close(),
  };
}

function annotationColumns(annotation: Annotation): object {
  return {
    serial: tickOf(annotation.serial),
    version: tickOf(annotation.version),
    id: encodeText(annotation.id),
    content: JSON.stringify(annotation),
  };
}
