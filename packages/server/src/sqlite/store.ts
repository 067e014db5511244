import type { Annotation, Message, Serial } from '@holdfast/channel';
import {
  createHybridClock,
  decodeVersion,
  tickOf,
  type ChangedMessage,
  type CommitView,
  type HybridClock,
  type Stored,
  type Write,
} from '@holdfast/channel/engine';
import { prepareAnnotations } from './annotations.ts';
import type { Database } from './database.ts';
import { openFileState, type Synchronous } from './file-state.ts';
import { createHotMessages } from './hot-messages.ts';
import { prepareMessages, type Entry } from './messages.ts';
import { migrate } from './schema.ts';

export interface StoreOptions {
  readonly synchronous: Synchronous;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How much of the messages in use to keep in memory. */
  readonly hotBytes: number;
  /** Catching up beyond this is refused: the reader pages through history instead. */
  readonly catchUpBytes: number;
}

/** Everything in one database: messages by channel, annotations, and the clock that no reopening sets back. */
export interface Store {
  readonly epoch: string;
  readonly clock: HybridClock;
  /** The tick of the last change that is stored. */
  readonly head: number;
  /** The state that a commit is planned on: in a transaction, with what it has written so far. */
  view(channel: string): CommitView;
  write(channel: string, write: Write): void;
  /** Runs `work`; what it writes is stored when this returns, and nothing of it when this throws. */
  transaction<T>(work: () => T): T;
  readonly inTransaction: boolean;
  message(channel: string, serial: Serial): Message | undefined;
  /** Newest first. */
  page(
    channel: string,
    bounds: { readonly through: number; readonly before: number; readonly limit: number },
  ): readonly Message[];
  /** In order of the last change; undefined where it is too much to read at once. */
  changedSince(channel: string, tick: number): readonly ChangedMessage[] | undefined;
  /** Oldest first; undefined where there is no such message. */
  annotations(
    channel: string,
    serial: Serial,
    bounds: { readonly after: number; readonly limit: number },
  ): readonly Annotation[] | undefined;
  close(): void;
}

export function openStore(
  database: Database,
  { synchronous, now, hotBytes, catchUpBytes }: StoreOptions,
): Store {
  migrate(database);
  const file = openFileState(database, synchronous);
  const messages = prepareMessages(database);
  const annotations = prepareAnnotations(database);
  const hot = createHotMessages(hotBytes);
  const clock = createHybridClock(now, file.tick);
  let head = file.tick;
  let wrote = false;

  const entry = (channel: string, tick: number): Entry | undefined => {
    const known = hot.find(tick);
    if (known !== undefined) return known.channel === channel ? known : undefined;
    const found = messages.find(channel, tick);
    if (found !== undefined) hot.keep(tick, found);
    return found;
  };
  const find = (channel: string, serial: string): Stored | undefined => {
    const tick = decodeVersion(serial);
    return tick === undefined ? undefined : entry(channel, tick)?.stored;
  };

  return {
    epoch: file.epoch,
    clock,
    get head() {
      return head;
    },
    view: (channel) => ({
      find: (serial) => find(channel, serial),
      findById(id) {
        const tick = messages.serialOf(channel, id);
        return tick === undefined ? undefined : entry(channel, tick)?.stored;
      },
      findAnnotation(serial, id) {
        const tick = decodeVersion(serial);
        return tick === undefined ? undefined : annotations.find(tick, id);
      },
    }),
    write(channel, write) {
      wrote = true;
      const { stored } = write;
      const tick = tickOf(stored.message.serial);
      const layout = messages.write(channel, write, hot.find(tick)?.layout);
      hot.stage(tick, { channel, stored, layout });
      if (write.kind === 'annotate') annotations.insert(write.annotation);
    },
    transaction(work) {
      // A clock of its own: looking ahead issues no tick.
      file.reserve(createHybridClock(now, clock.last).next());
      wrote = false;
      try {
        const result = database.transaction(() => {
          const done = work();
          if (wrote) file.raise(clock.last);
          return done;
        });
        hot.settle();
        if (wrote) head = clock.last;
        return result;
      } catch (error) {
        hot.discard();
        throw error;
      }
    },
    get inTransaction() {
      return database.inTransaction;
    },
    message: (channel, serial) => find(channel, serial)?.message,
    page: (channel, bounds) => messages.page(channel, bounds).map(({ message }) => message),
    changedSince(channel, tick) {
      if (messages.bytesSince(channel, tick) > catchUpBytes) return undefined;
      return messages.changedSince(channel, tick);
    },
    annotations(channel, serial, bounds) {
      const tick = decodeVersion(serial);
      if (tick === undefined || entry(channel, tick) === undefined) return undefined;
      return annotations.page(tick, bounds);
    },
    close() {
      try {
        file.close();
      } catch {
        // Then the next to open takes what was reserved for issued.
      }
      database.close();
    },
  };
}
