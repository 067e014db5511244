import { ChannelError, type CreateOperation, type Message } from '@holdfast/channel';
import {
  annotationPageOf,
  createTails,
  decodePosition,
  decodeVersion,
  encodePosition,
  pageOf,
  readLimit,
  type Engine,
  type Publisher,
  type TailEvent,
} from '@holdfast/channel/engine';
import type { Connection, Database } from './connection/database.ts';
import { openLink } from './live/link.ts';
import type { News } from './live/news.ts';
import { createPresence } from './presence/presence.ts';
import { createPresenceTable } from './presence/presence-table.ts';
import { createPresenceView } from './presence/presence-view.ts';
import { startRetention } from './retention/retention.ts';
import { follow } from './session/follow.ts';
import { createFollowed } from './session/followed.ts';
import { createSessions } from './session/sessions.ts';
import { createCommitGroup, type GroupLimits } from './storage/commit-group.ts';
import { entryFrom } from './storage/message-row.ts';
import { createStore } from './storage/store.ts';
import { publishIn, type Staged } from './transaction/publish-in.ts';
import type { ClientBase } from 'pg';

const MiB = 1 << 20;

export interface EngineOptions {
  readonly maxMessageBytes?: number;
  readonly presenceLeaseMs?: number;
  readonly now?: () => number;
  readonly retryMs?: number;
  readonly pollMs?: number;
  readonly gatherMs?: number;
  /** Bytes of messages in use that are kept in memory. Default 64 MiB. */
  readonly hotBytes?: number;
  /** Bytes of changed messages that catching up reads at most; beyond it the reader gets a gap. Default 64 MiB. */
  readonly catchUpBytes?: number;
  readonly groups?: GroupLimits;
  readonly retentionDays?: number;
}

/** An engine that can also publish in transactions of its caller's. */
export interface PostgresEngine extends Engine {
  /**
   * Publishes creates in a transaction that the caller has begun on `client` and will commit, so that they are stored if
   * and only if what else it writes is. Nothing is locked until the commit: then the session's row is, and serials and
   * timestamps are those of that moment (P29). Publishers and drafts are checked as for any other publish; a conflict that
   * comes up only at the commit fails it with SQLSTATE `HF409` (an id was used for another message) or `HF404` (a message
   * to be sealed is not there).
   *
   * @throws ChannelError `invalid`, `conflict`, `not_found`, `too_large`, `unsupported` (another operation than creates, or
   * the transaction is not READ COMMITTED), `unavailable`, `closed`
   */
  publishIn(
    client: Pick<ClientBase, 'query'>,
    channel: string,
    publisher: Publisher,
    operations: readonly CreateOperation[],
  ): Promise<Staged>;
}

/** An engine over a schema that is there. */
export function createPostgresEngine(
  database: Database,
  schema: string,
  {
    maxMessageBytes = MiB,
    presenceLeaseMs = 15_000,
    now = Date.now,
    retryMs = 10_000,
    pollMs = 2000,
    gatherMs = 20,
    hotBytes = 64 * MiB,
    catchUpBytes = 64 * MiB,
    groups = {},
    retentionDays,
  }: EngineOptions = {},
): PostgresEngine {
  const store = createStore(schema);
  const reader: Connection = { query: database.read };
  const tails = createTails();
  const emit = (channel: string, event: TailEvent): void => {
    try {
      tails.emit(channel, event);
    } catch (error) {
      // What is stored is stored: a listener's fault is its owner's to see, and keeps nothing from the others.
      queueMicrotask(() => {
        throw error;
      });
    }
  };
  const followed = createFollowed((channel) => view.forget(channel));
  const receive = (news: News): void => {
    if (news.kind === 'heads') sessions.notice(news.heads);
    else if (news.kind === 'presence') presence.hear(news.channel, news.event);
    else emit(news.channel, news);
  };
  const link = openLink({
    database,
    topic: schema,
    gatherMs,
    pollMs,
    receive,
    readHeads: () => store.heads(reader, followed.names()),
  });
  const sessions = createSessions({
    database,
    store,
    group: createCommitGroup(database, store, groups),
    now,
    maxMessageBytes,
    catchUpBytes,
    retryMs,
    hotBytes,
    emit,
    stored: (channel, head) => link.head(channel, head),
    isFollowed: (channel) => followed.has(channel),
  });
  const view = createPresenceView((channel, event) => emit(channel, { kind: 'presence', event }));
  const table = createPresenceTable(database, schema, (presenceLeaseMs * 7) / 8);
  const presence = createPresence({
    table,
    view,
    link,
    leaseMs: presenceLeaseMs,
    followed: () => followed.names(),
    isFollowed: (channel) => followed.has(channel),
  });
  const keepMs = retentionDays === undefined ? undefined : retentionDays * 86_400_000;
  const retention = keepMs === undefined ? undefined : startRetention({ database, schema, keepMs, now });
  let closing: Promise<void> | undefined;

  const checkOpen = (): void => {
    if (closing !== undefined) throw new ChannelError('closed', 'The engine was closed.');
  };
  const close = async (): Promise<void> => {
    await sessions.finish();
    presence.close();
    tails.clear();
    await link.close();
    await retention?.close();
    database.close();
  };

  const engine: PostgresEngine = {
    features: { maxMessageBytes, checksOffsets: true, seal: true, presenceLeaseMs },
    async commit(channel, publisher, operations) {
      checkOpen();
      return sessions.of(channel).commit(publisher, operations);
    },
    async signal(channel, { clientId, claims }, { id, name, data, headers = {} }) {
      checkOpen();
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      const signal = { ...author, id, name, data, headers, timestamp: now() };
      await link.send({ kind: 'signal', channel, signal });
      emit(channel, { kind: 'signal', signal });
    },
    async tail(channel, listener) {
      checkOpen();
      return follow({ sessions, followed, presence, tails }, channel, listener);
    },
    async changesSince(channel, position) {
      checkOpen();
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
    async message(channel, serial): Promise<Message | undefined> {
      checkOpen();
      const tick = decodeVersion(serial);
      if (tick === undefined) return undefined;
      const found = await store.load(reader, channel, { serials: [tick], ids: [], annotations: [] });
      return found?.entries[0]?.stored.message;
    },
    async page(channel, { until, cursor, limit }) {
      checkOpen();
      // Also of an earlier epoch: its ticks lie below those of now.
      const through = until === undefined ? undefined : decodePosition(until)?.tick;
      const count = readLimit(limit);
      const found = await store.page(reader, channel, {
        through: through ?? Number.MAX_SAFE_INTEGER,
        before: tickAt(cursor) ?? Number.MAX_SAFE_INTEGER,
        limit: count + 1,
      });
      return pageOf(found, count);
    },
    async annotations(channel, serial, { cursor, limit }) {
      checkOpen();
      const tick = decodeVersion(serial);
      const after = tickAt(cursor) ?? 0;
      const count = readLimit(limit);
      const found =
        tick === undefined
          ? undefined
          : await store.annotations(reader, channel, tick, { after, limit: count + 1 });
      if (found === undefined)
        throw new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
      return annotationPageOf(found, count);
    },
    async enter(channel, member) {
      checkOpen();
      await presence.enter(channel, member);
    },
    async leave(channel, memberId) {
      checkOpen();
      await presence.leave(channel, memberId);
    },
    async renew(memberId) {
      checkOpen();
      await presence.renew(memberId);
    },
    async members(channel) {
      checkOpen();
      return (await table.read([channel])).map(({ member }) => member);
    },
    async publishIn(client, channel, publisher, operations) {
      checkOpen();
      return publishIn({ engine, database, store, schema }, client, channel, publisher, operations);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
  return engine;
}

/** The tick that a page ended at; undefined for the first page. */
function tickAt(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const tick = decodeVersion(cursor);
  if (tick === undefined)
    throw new ChannelError('invalid', 'query.cursor: is none that a page of this channel gave.', {
      path: 'query.cursor',
    });
  return tick;
}
