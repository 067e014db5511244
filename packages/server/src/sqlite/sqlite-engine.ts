import { ChannelError } from '@holdfast/channel';
import {
  annotationPageOf,
  createPresenceBoard,
  createTails,
  decodePosition,
  encodePosition,
  pageOf,
  readLimit,
  tickOfCursor,
  type Engine,
  type TailEvent,
} from '@holdfast/channel/engine';
import type { Database } from './database.ts';
import type { Synchronous } from './file-state.ts';
import { createGroupCommit } from './group-commit.ts';
import { openStore } from './store.ts';

const MiB = 1 << 20;

export interface EngineOptions {
  readonly synchronous?: Synchronous;
  readonly maxMessageBytes?: number;
  readonly presenceLeaseMs?: number;
  readonly now?: () => number;
  /** Bytes of messages in use that are kept in memory. Default 64 MiB. */
  readonly hotBytes?: number;
  /** Bytes of changed messages that catching up reads at most; beyond it the reader gets a gap. Default 64 MiB. */
  readonly catchUpBytes?: number;
}

/** An engine over a database of its own, which it closes. */
export function createSqliteEngine(
  database: Database,
  {
    synchronous = 'full',
    maxMessageBytes = MiB,
    presenceLeaseMs = 15_000,
    now = Date.now,
    hotBytes = 64 * MiB,
    catchUpBytes = 64 * MiB,
  }: EngineOptions = {},
): Engine {
  const store = openStore(database, { synchronous, now, hotBytes, catchUpBytes });
  const { epoch, clock } = store;
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
  const presence = createPresenceBoard({
    leaseMs: presenceLeaseMs,
    emit: (channel, event) => emit(channel, { kind: 'presence', event }),
  });
  const group = createGroupCommit({
    store,
    context: () => ({ epoch, clock, now: now(), maxMessageBytes }),
    emit,
  });
  let open = true;

  const checkOpen = (): void => {
    if (!open) throw new ChannelError('closed', 'The engine was closed.');
  };
  const head = () => encodePosition(epoch, store.head);

  return {
    features: { maxMessageBytes, checksOffsets: true, seal: true, presenceLeaseMs },
    async commit(channel, publisher, operations) {
      checkOpen();
      return group.commit(channel, publisher, operations);
    },
    async signal(channel, { clientId, claims }, { id, name, data, headers = {} }) {
      checkOpen();
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      emit(channel, {
        kind: 'signal',
        signal: { ...author, id, name, data, headers, timestamp: now() },
      });
    },
    async tail(channel, listener) {
      checkOpen();
      return tails.open(channel, head(), listener);
    },
    async changesSince(channel, position) {
      checkOpen();
      const from = decodePosition(position);
      if (from === undefined || from.epoch !== epoch || from.tick > store.head) return undefined;
      const changed = store.changedSince(channel, from.tick);
      return changed === undefined ? undefined : { changed, head: head() };
    },
    async message(channel, serial) {
      checkOpen();
      return store.message(channel, serial);
    },
    async page(channel, { until, cursor, limit }) {
      checkOpen();
      const newest = until === undefined ? undefined : decodePosition(until);
      const through = newest?.epoch === epoch ? newest.tick : Number.MAX_SAFE_INTEGER;
      const before = tickOfCursor(cursor) ?? Number.MAX_SAFE_INTEGER;
      const count = readLimit(limit);
      return pageOf(store.page(channel, { through, before, limit: count + 1 }), count);
    },
    async annotations(channel, serial, { cursor, limit }) {
      checkOpen();
      const after = tickOfCursor(cursor) ?? 0;
      const count = readLimit(limit);
      const found = store.annotations(channel, serial, { after, limit: count + 1 });
      if (found === undefined)
        throw new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
      return annotationPageOf(found, count);
    },
    async enter(channel, member) {
      checkOpen();
      presence.enter(channel, member);
    },
    async leave(channel, memberId) {
      checkOpen();
      presence.leave(channel, memberId);
    },
    async renew(memberId) {
      checkOpen();
      presence.renew(memberId);
    },
    async members(channel) {
      checkOpen();
      return presence.members(channel);
    },
    async close() {
      if (!open) return;
      open = false;
      group.flush();
      presence.close();
      tails.clear();
      store.close();
    },
  };
}
