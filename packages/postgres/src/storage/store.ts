import { decodeText, encodeText, tickOf } from '@holdfast/channel/engine';
import type { Annotation, Message } from '@holdfast/channel';
import { commitStatement } from './commit-statement.ts';
import type { Connection } from '../connection/database.ts';
import { entryFrom, type Entry, type MessageRow, type WholeRow } from './message-row.ts';
import type { NetWrites } from './net-writes.ts';
import { readStatements } from './read-statements.ts';

/** Where a session stands: a tick of another epoch says nothing. */
export interface Head {
  readonly epoch: string;
  readonly tick: number;
}

export interface Loaded extends Head {
  readonly entries: readonly Entry[];
  readonly annotations: readonly Annotation[];
}

/** A message that changed: whole, or what was appended since where nothing else happened to its text. */
export interface ChangedRow extends MessageRow {
  readonly body: string | null;
  readonly tail: readonly string[] | null;
  /** The first tick, the offset and the text of each append. */
  readonly growth: readonly (readonly [tick: number, offset: number, text: string])[] | null;
}

export interface Changed extends Head {
  /** Below this tick messages were dropped: nobody knows what had changed. */
  readonly floor: number;
  /** In order of the last change; undefined where it is too much to read at once. */
  readonly rows: readonly ChangedRow[] | undefined;
}

export interface Commit {
  readonly channel: string;
  readonly from: Head;
  readonly to: number;
  /** Names this commit, so that it can be recognised when its answer was lost. */
  readonly token: string;
  readonly writes: NetWrites;
}

export interface Locked extends Head {
  /** The last commit's. */
  readonly token: string | null;
  /** Below this tick no message is kept. */
  readonly floor: number;
}

/** The engine's SQL as functions. Channels are names here, serials and versions ticks. */
export interface Store {
  /**
   * Stores commits of different sessions, all of one epoch. Says for each whether it was stored: not where the session is
   * no longer at `from`, or has one of the ids.
   */
  commit(connection: Connection, commits: readonly Commit[]): Promise<readonly boolean[]>;
  /** Takes the lock on the session's row, which is created where there is none, until the transaction ends. */
  lock(connection: Connection, channel: string): Promise<Locked>;
  /** Some messages and annotations, at one moment; undefined where there is no such session. */
  load(
    connection: Connection,
    channel: string,
    wanted: {
      readonly serials: readonly number[];
      readonly ids: readonly string[];
      readonly annotations: readonly { readonly serial: number; readonly id: string }[];
    },
  ): Promise<Loaded | undefined>;
  changes(
    connection: Connection,
    channel: string,
    query: { readonly since: number; readonly whole: boolean; readonly maxBytes: number },
  ): Promise<Changed>;
  /** Newest first. */
  page(
    connection: Connection,
    channel: string,
    bounds: { readonly through: number; readonly before: number; readonly limit: number },
  ): Promise<readonly Message[]>;
  /** Oldest first; undefined where there is no such message. */
  annotations(
    connection: Connection,
    channel: string,
    serial: number,
    bounds: { readonly after: number; readonly limit: number },
  ): Promise<readonly Annotation[] | undefined>;
  /** Those that there are, by channel. */
  heads(connection: Connection, channels: readonly string[]): Promise<ReadonlyMap<string, Head>>;
}

export function createStore(schema: string): Store {
  const commit = commitStatement(schema);
  const read = readStatements(schema);
  return {
    async commit(connection, commits) {
      const sessions = commits.map(({ channel, from, to, token, writes }, n) => ({
        n,
        name: encodeText(channel),
        before: from.tick,
        after: to,
        token,
        oldest: Math.min(...[...writes.entries.keys()].map(tickOf)),
      }));
      const rows = (of: (writes: NetWrites) => readonly object[]): string =>
        JSON.stringify(commits.flatMap(({ writes }, n) => of(writes).map((row) => ({ n, ...row }))));
      const stored = await connection.query<{ n: number }>(commit, [
        JSON.stringify(sessions),
        commits[0]?.from.epoch,
        rows(({ created }) => created),
        rows(({ changed }) => changed),
        rows(({ appends }) => appends),
        rows(({ annotations }) => annotations),
      ]);
      const numbers = new Set(stored.map(({ n }) => n));
      return commits.map((_, n) => numbers.has(n));
    },
    async lock(connection, channel) {
      for (;;) {
        const [row] = await connection.query<Locked>(read.lock, [encodeText(channel)]);
        if (row !== undefined) return row;
        await connection.query(
          `INSERT INTO ${schema}.sessions (name, tick) SELECT $1, floor FROM ${schema}.store ON CONFLICT DO NOTHING`,
          [encodeText(channel)],
        );
      }
    },
    async load(connection, channel, { serials, ids, annotations }) {
      interface Row {
        readonly head: number;
        readonly epoch: string;
        readonly messages: readonly WholeRow[] | null;
        readonly annotations: readonly string[] | null;
      }
      const keys = annotations.map(({ serial, id }) => ({ serial, id: encodeText(id) }));
      const values = [encodeText(channel), serials, ids.map(encodeText), JSON.stringify(keys)];
      const [row] = await connection.query<Row>(read.load, values);
      if (row === undefined) return undefined;
      return {
        epoch: row.epoch,
        tick: row.head,
        entries: (row.messages ?? []).map(entryFrom),
        annotations: (row.annotations ?? []).map((content) => JSON.parse(content) as Annotation),
      };
    },
    async changes(connection, channel, { since, whole, maxBytes }) {
      type Row = ChangedRow & {
        readonly epoch: string;
        readonly floor: number;
        readonly head: number | null;
        readonly excessive: boolean;
      };
      const values = [encodeText(channel), since, whole, maxBytes];
      const rows = await connection.query<Row>(read.changes, values);
      const [first] = rows;
      if (first === undefined) throw new TypeError('The store has no row of its own.');
      return {
        epoch: first.epoch,
        floor: first.floor,
        tick: first.head ?? first.floor,
        rows: first.excessive ? undefined : rows.filter((row) => row.serial !== null),
      };
    },
    async page(connection, channel, { through, before, limit }) {
      const values = [encodeText(channel), through, before, limit];
      const rows = await connection.query<WholeRow>(read.page, values);
      return rows.map((row) => entryFrom(row).stored.message);
    },
    async annotations(connection, channel, serial, { after, limit }) {
      const values = [encodeText(channel), serial, after, limit];
      const rows = await connection.query<{ content: string | null }>(read.annotations, values);
      if (rows.length === 0) return undefined;
      return rows.flatMap(({ content }) => (content === null ? [] : [JSON.parse(content) as Annotation]));
    },
    async heads(connection, channels) {
      const rows = await connection.query<Head & { name: string }>(read.heads, [channels.map(encodeText)]);
      return new Map(rows.map(({ name, tick, epoch }) => [decodeText(name), { tick, epoch }]));
    },
  };
}
