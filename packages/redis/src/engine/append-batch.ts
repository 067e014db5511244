import type { Operation } from '@holdfast/channel';
import { SCRIPTS } from '../scripts/scripts.ts';
import type { Caller } from './caller.ts';
import { encodeSerial } from './encode-operations.ts';
import { spansSlots } from './errors.ts';
import { escapeText } from './text.ts';

/** A script runs alone on its server, so it gets no more than this at once. */
const MAX_APPENDS = 16;
const MAX_BYTES = 1 << 17;

/** Longer ones are the general case's. */
const MAX_LENGTH = 1 << 14;

/** An append as the script takes it; the owner is escaped as data is. */
export type Append = readonly [owner: string, serial: string, data: string, length: string, offset: string];

/**
 * Appends to one session, one after the other. Resolves with the version of each as a tick; with 0 for the first that the
 * commit script must decide, and for those after it, of which nothing was done.
 */
export type AppendBatch = (channel: string, appends: readonly Append[]) => Promise<readonly number[]>;

export interface AppendBatchOptions {
  readonly caller: Caller;
  readonly maxMessageBytes: number;
  /** 0 for no limit. */
  readonly retention: { readonly ageMs: number; readonly bytes: number };
  /** Whether one script may have the keys of several sessions: not on a cluster. */
  readonly spans: boolean;
}

interface Entry {
  readonly channel: string;
  readonly appends: readonly Append[];
  readonly resolve: (versions: readonly number[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What an operation is to the append script, if it is for that at all. */
export function appendOf(owner: string, operations: readonly Operation[]): Append | undefined {
  const [operation] = operations;
  if (operations.length !== 1 || operation?.action !== 'append') return undefined;
  const { serial, data, offset } = operation;
  if (data === '' || data.length > MAX_LENGTH) return undefined;
  return [owner, encodeSerial(serial), escapeText(data), String(data.length), String(offset)];
}

/** Appends to all sessions that are asked for in one turn of the event loop go in one script. */
export function createAppendBatch(options: AppendBatchOptions): AppendBatch {
  const { caller, maxMessageBytes, retention } = options;
  const script =
    retention.ageMs > 0 ? SCRIPTS.append : { ...SCRIPTS.append, keys: SCRIPTS.append.keys.slice(0, 3) };
  const limits = `${maxMessageBytes} ${retention.ageMs} ${retention.bytes}`;
  let { spans } = options;
  let waiting: Entry[] = [];

  const ask = async (entries: readonly Entry[]): Promise<void> => {
    const channels: string[] = [];
    const values = [limits];
    for (const { channel, appends } of entries)
      for (const append of appends) {
        channels.push(channel);
        values.push(...append);
      }
    try {
      const versions = (await caller.ask(script, channels, values)) as readonly number[];
      let first = 0;
      for (const { appends, resolve } of entries) resolve(versions.slice(first, (first += appends.length)));
    } catch (error) {
      if (entries.length > 1 && spansSlots(error)) {
        // A node of a cluster that the client takes for a server of its own.
        spans = false;
        for (const entry of entries) void ask([entry]);
      } else for (const { reject } of entries) reject(error);
    }
  };

  const flush = (): void => {
    const entries = waiting;
    waiting = [];
    for (let first = 0; first < entries.length;) {
      const stop = spans ? endOfSome(entries, first) : first + 1;
      void ask(entries.slice(first, stop));
      first = stop;
    }
  };

  return (channel, appends) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ channel, appends, resolve, reject }) === 1) setImmediate(flush);
    });
}

function endOfSome(entries: readonly Entry[], first: number): number {
  let count = 0;
  let bytes = 0;
  let index = first;
  for (; index < entries.length; index += 1) {
    const { appends = [] } = entries[index] ?? {};
    count += appends.length;
    for (const [, , data] of appends) bytes += data.length;
    if (index > first && (count > MAX_APPENDS || bytes > MAX_BYTES)) break;
  }
  return index;
}
