import { ChannelError } from '@holdfast/channel';
import { createTails, type TailEvent } from '@holdfast/channel/engine';
import type { Connection, Database } from './connection/database.ts';
import { openLink } from './live/link.ts';
import type { News } from './live/news.ts';
import type { EngineOptions, PostgresEngine } from './port.ts';
import { createPresence } from './presence/presence.ts';
import { createPresenceTable } from './presence/presence-table.ts';
import { createPresenceView } from './presence/presence-view.ts';
import { createReading } from './reading.ts';
import { startRetention } from './retention/retention.ts';
import { follow } from './session/follow.ts';
import { createFollowed } from './session/followed.ts';
import { createSessions } from './session/sessions.ts';
import { createCommitGroup } from './storage/commit-group.ts';
import { createStore } from './storage/store.ts';
import { publishIn } from './transaction/publish-in.ts';

const MiB = 1 << 20;

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
  const reading = createReading({ reader, store, catchUpBytes });
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
    await link.finish();
    // From here on nobody waits for a Postgres that is away.
    database.close();
    await Promise.all([link.close(), retention?.close()]);
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
      return reading.changesSince(channel, position);
    },
    async message(channel, serial) {
      checkOpen();
      return reading.message(channel, serial);
    },
    async page(channel, query) {
      checkOpen();
      return reading.page(channel, query);
    },
    async annotations(channel, serial, query) {
      checkOpen();
      return reading.annotations(channel, serial, query);
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
