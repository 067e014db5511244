import type { Annotation } from '../annotation.ts';
import { ChannelError } from '../errors.ts';
import type { Serial } from '../ids.ts';
import { createHybridClock, decodePosition, encodePosition, encodeVersion } from './clock.ts';
import { planCommit, type CommitView, type Stored, type Write } from './commit.ts';
import { annotationPageOf, pageOf, readLimit } from './paging.ts';
import type { Engine } from './port.ts';
import { createPresenceBoard } from './presence-board.ts';
import { createTails } from './tails.ts';

export interface MemoryEngineOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Default 15,000. */
  readonly presenceLeaseMs?: number;
  /** Default 1 MiB. */
  readonly maxMessageBytes?: number;
}

/** One channel's messages, oldest first. */
interface Log {
  readonly stored: Map<Serial, Stored>;
  readonly ids: Map<string, Serial>;
  readonly annotations: Map<Serial, Map<string, Annotation>>;
}

/** Keeps everything in this process's memory. A receipt means: as long as the process lives. */
export function createMemoryEngine({
  now = Date.now,
  presenceLeaseMs = 15_000,
  maxMessageBytes = 1 << 20,
}: MemoryEngineOptions = {}): Engine {
  const epoch = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const clock = createHybridClock(now);
  const logs = new Map<string, Log>();
  const tails = createTails();
  const presence = createPresenceBoard({
    leaseMs: presenceLeaseMs,
    emit: (channel, event) => tails.emit(channel, { kind: 'presence', event }),
  });

  const logOf = (channel: string): Log => {
    const log = logs.get(channel) ?? { stored: new Map(), ids: new Map(), annotations: new Map() };
    logs.set(channel, log);
    return log;
  };
  const head = () => encodePosition(epoch, clock.last);

  return {
    features: { maxMessageBytes, checksOffsets: true, seal: true, presenceLeaseMs },
    async commit(channel, publisher, operations) {
      const log = logOf(channel);
      const context = { epoch, clock, now: now(), maxMessageBytes };
      const { outcomes, writes, changes } = planCommit(viewOf(log), publisher, operations, context);
      for (const write of writes) store(log, write);
      for (const change of changes) tails.emit(channel, change);
      return outcomes;
    },
    async signal(channel, { clientId, claims }, { id, name, data, headers = {} }) {
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      const signal = { ...author, id, name, data, headers, timestamp: now() };
      tails.emit(channel, { kind: 'signal', signal });
    },
    tail: async (channel, listener) => tails.open(channel, head(), listener),
    async changesSince(channel, position) {
      const from = decodePosition(position);
      if (from === undefined || from.epoch !== epoch || from.tick > clock.last) return undefined;
      const since = encodeVersion(from.tick);
      const changed = [...logOf(channel).stored.values()].filter((stored) => stored.changed > since);
      changed.sort((a, b) => (a.changed < b.changed ? -1 : 1));
      return { changed, head: head() };
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
    async close() {
      presence.close();
      tails.clear();
    },
  };
}

function viewOf(log: Log): CommitView {
  return {
    find: (serial) => log.stored.get(serial),
    findById(id) {
      const serial = log.ids.get(id);
      return serial === undefined ? undefined : log.stored.get(serial);
    },
    findAnnotation: (serial, id) => log.annotations.get(serial)?.get(id),
  };
}

function store(log: Log, write: Write): void {
  const { message } = write.stored;
  log.stored.set(message.serial, write.stored);
  if (write.kind === 'create') log.ids.set(message.id, message.serial);
  if (write.kind !== 'annotate') return;
  const annotations = log.annotations.get(message.serial) ?? new Map<string, Annotation>();
  log.annotations.set(message.serial, annotations.set(write.annotation.id, write.annotation));
}
