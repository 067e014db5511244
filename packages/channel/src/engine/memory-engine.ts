import { ChannelError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { createHybridClock, decodePosition, encodePosition, encodeVersion } from './clock.ts';
import { planCommit } from './commit.ts';
import { changedSince, createMemoryLog, storeWrite, viewOf, type MemoryLog } from './memory-log.ts';
import { createMemoryTier, type MemoryTier } from './memory-tier.ts';
import { annotationPageOf, pageOf, readLimit } from './paging.ts';
import type { Outcome, Publisher } from './port.ts';
import { createPresenceBoard } from './presence-board.ts';
import { createTails } from './tails.ts';
import type { HotEngine } from './tiers.ts';

export interface MemoryEngineOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Default 15,000. */
  readonly presenceLeaseMs?: number;
  /** Default 1 MiB. */
  readonly maxMessageBytes?: number;
}

/** Keeps everything in this process's memory. A receipt means: as long as the process lives. */
export function createMemoryEngine({
  now = Date.now,
  presenceLeaseMs = 15_000,
  maxMessageBytes = 1 << 20,
}: MemoryEngineOptions = {}): HotEngine {
  const epoch = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const clock = createHybridClock(now);
  const logs = new Map<string, MemoryLog>();
  const tails = createTails();
  const presence = createPresenceBoard({
    leaseMs: presenceLeaseMs,
    emit: (channel, event) => tails.emit(channel, { kind: 'presence', event }),
  });

  const logOf = (channel: string): MemoryLog => {
    const log = logs.get(channel) ?? createMemoryLog();
    logs.set(channel, log);
    return log;
  };
  const head = () => encodePosition(epoch, clock.last);
  let tier: MemoryTier | undefined;
  const commit = (
    channel: string,
    publisher: Publisher,
    operations: readonly Operation[],
  ): readonly Outcome[] => {
    const log = logOf(channel);
    const context = { epoch, clock, now: now(), maxMessageBytes };
    const { outcomes, writes, changes } = planCommit(viewOf(log), publisher, operations, context);
    for (const write of writes) storeWrite(log, write);
    for (const change of changes) tails.emit(channel, change);
    return outcomes;
  };

  return {
    features: { maxMessageBytes, checksOffsets: true, seal: true, presenceLeaseMs },
    commit: async (channel, publisher, operations) =>
      tier === undefined
        ? commit(channel, publisher, operations)
        : tier.prepared(channel, operations, () => commit(channel, publisher, operations)),
    async signal(channel, { clientId, claims }, { id, name, data, headers = {} }) {
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      const signal = { ...author, id, name, data, headers, timestamp: now() };
      tails.emit(channel, { kind: 'signal', signal });
    },
    tail: async (channel, listener) => tails.open(channel, head(), listener),
    async changesSince(channel, position) {
      const from = decodePosition(position);
      if (from === undefined || from.epoch !== epoch || from.tick > clock.last) return undefined;
      return { changed: changedSince(logOf(channel), encodeVersion(from.tick)), head: head() };
    },
    message: async (channel, serial) => logOf(channel).stored.get(serial)?.message,
    async page(channel, { until, cursor, limit }) {
      const newest = until === undefined ? undefined : decodePosition(until);
      const highest: string | undefined = newest?.epoch === epoch ? encodeVersion(newest.tick) : undefined;
      const below: string | undefined = cursor;
      const messages = [...logOf(channel).stored.values()]
        .map(({ message }) => message)
        .filter(
          ({ serial }) =>
            (highest === undefined || serial <= highest) && (below === undefined || serial < below),
        )
        .toReversed();
      return pageOf(messages, readLimit(limit));
    },
    async annotations(channel, serial, { cursor, limit }) {
      const log = logOf(channel);
      if (!log.stored.has(serial))
        throw new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
      const all = [...(log.annotations.get(serial)?.values() ?? [])];
      const above: string = cursor ?? '';
      const rest = all.filter(({ version }) => version > above);
      return annotationPageOf(rest, readLimit(limit));
    },
    enter: async (channel, member) => presence.enter(channel, member),
    leave: async (channel, memberId) => presence.leave(channel, memberId),
    renew: async (memberId) => presence.renew(memberId),
    members: async (channel) => presence.members(channel),
    tier: (below) => (tier ??= createMemoryTier({ below, clock, now, logs, logOf })),
    async close() {
      presence.close();
      tails.clear();
    },
  };
}
