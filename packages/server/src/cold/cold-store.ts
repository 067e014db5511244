import { ChannelError, type Annotation, type Serial } from '@holdfast/channel';
import {
  annotationPageOf,
  decodeVersion,
  encodeText,
  encodeVersion,
  pageOf,
  readLimit,
  type ColdStore,
  type Copy,
  type Entry,
  type Extent,
  type Stored,
} from '@holdfast/channel/engine';
import type { Database } from '../sqlite/database.ts';
import { prepareStatements } from './statements.ts';
import { COLD_SCHEMA } from './schema.ts';

export interface ColdStoreParts {
  readonly database: Database;
  /** Bytes of changed messages that catching up reads at most. */
  readonly catchUpBytes: number;
}

/** A cold store over a database of its own, which it closes. */
export function createColdStore({ database, catchUpBytes }: ColdStoreParts): ColdStore {
  COLD_SCHEMA.migrate(database);
  database.exec('PRAGMA synchronous = FULL');
  const sql = prepareStatements(database);

  /** 0, which no session has, where there is none. */
  const sessionOf = (channel: string): number => sql.session.get(encodeText(channel))?.id ?? 0;
  const extentOf = (session: number): Extent => {
    const { newest, changed } = sql.extent.get(session, session) ?? { newest: null, changed: null };
    return { newest: newest ?? 0, changed: changed ?? 0 };
  };
  const copiesOf = (session: number, serials: readonly Serial[]): readonly Copy[] =>
    serials.flatMap((serial) => {
      const row = sql.changed.get(session, tickOf(serial));
      return row === undefined ? [] : [{ serial, changed: encodeVersion(row.changed) }];
    });
  const storedAt = (session: number, serial: number): Stored | undefined => {
    const row = sql.message.get(session, serial);
    return row === undefined ? undefined : storedFrom(row);
  };
  const annotationsOf = (session: number, serial: number, after = 0, limit = -1): readonly Annotation[] =>
    sql.annotations
      .all(session, serial, after, limit)
      .map(({ content }) => JSON.parse(content) as Annotation);
  const store = (session: number, { stored, annotations }: Entry): void => {
    const { serial, id } = stored.message;
    const content = JSON.stringify(stored);
    const [tick, changed] = [tickOf(serial), tickOf(stored.changed)];
    sql.put.run(session, tick, encodeText(id), changed, stored.bytes, content);
    for (const each of annotations)
      sql.annotate.run(session, tick, tickOf(each.version), JSON.stringify(each));
  };

  return {
    async extent(channel) {
      const session = sql.session.get(encodeText(channel));
      return { ...extentOf(session?.id ?? 0), fence: session?.fence ?? undefined };
    },
    claim: async (channel, fence) =>
      database.transaction(() => {
        sql.claim.run(encodeText(channel), fence);
        return extentOf(sessionOf(channel));
      }),
    put: async (channel, fence, entries) => {
      const taken = database.transaction(() => {
        const session = sql.session.get(encodeText(channel));
        if (session?.fence !== fence) return false;
        for (const entry of entries) store(session.id, entry);
        return true;
      });
      const serials = entries.map(({ stored }) => stored.message.serial);
      return taken ? copiesOf(sessionOf(channel), serials) : undefined;
    },
    copies: async (channel, serials) => copiesOf(sessionOf(channel), serials),
    async load(channel, { serials, ids }) {
      const session = sessionOf(channel);
      const found = ids.flatMap((id) => sql.serial.get(session, encodeText(id))?.serial ?? []);
      return [...new Set([...serials.map(tickOf), ...found])].flatMap((serial): readonly Entry[] => {
        const stored = storedAt(session, serial);
        return stored === undefined ? [] : [{ stored, annotations: annotationsOf(session, serial) }];
      });
    },
    async page(channel, { below, limit }) {
      const count = readLimit(limit);
      const rows = sql.page.all(sessionOf(channel), below, count + 1);
      return pageOf(
        rows.map((row) => storedFrom(row).message),
        count,
      );
    },
    async changesSince(channel, tick) {
      const session = sessionOf(channel);
      if ((sql.bytes.get(session, tick)?.bytes ?? 0) > catchUpBytes) return undefined;
      return sql.changes.all(session, tick).map(storedFrom);
    },
    message: async (channel, serial) => storedAt(sessionOf(channel), tickOf(serial))?.message,
    async annotations(channel, serial, { cursor, limit }) {
      const session = sessionOf(channel);
      if (sql.changed.get(session, tickOf(serial)) === undefined)
        throw new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
      const count = readLimit(limit);
      const after = cursor === undefined ? 0 : tickOf(cursor);
      return annotationPageOf(annotationsOf(session, tickOf(serial), after, count + 1), count);
    },
    close: async () => database.close(),
  };
}

/** 0, which nothing has, for a string that is no version. */
function tickOf(version: string): number {
  return decodeVersion(version) ?? 0;
}

function storedFrom({ content }: { readonly content: string }): Stored {
  return JSON.parse(content) as Stored;
}
