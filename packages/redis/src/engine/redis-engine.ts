import { ChannelError, type Cursor, type Message } from '@holdfast/channel';
import {
  annotationPageOf,
  decodePosition,
  encodePosition,
  readLimit,
  tickOfCursor,
  type Below,
  type HotEngine,
  type HotTier,
} from '@holdfast/channel/engine';
import type { Driver, DriverEvents } from '../driver/driver.ts';
import { SCRIPTS } from '../scripts/scripts.ts';
import { createCaller } from './caller.ts';
import { createCommitQueue } from './commit-queue.ts';
import { decodeAnnotation, decodeMessage, type AnnotationRow, type MessageRow } from './decode.ts';
import { encodeSerial } from './encode-operations.ts';
import { createHub } from './hub.ts';
import { createLives } from './lives.ts';
import { createPresence } from './presence.ts';
import { createTier } from './tier.ts';

export interface EngineOptions {
  readonly prefix: string;
  readonly maxMessageBytes: number;
  readonly presenceLeaseMs: number;
  readonly headCheckMs: number;
  readonly timeoutMs: number;
  /** 0 for no limit. */
  readonly retention: { readonly ageMs: number; readonly bytes: number };
  /** Bytes of messages that one script reads at most, about: Redis does nothing else meanwhile. */
  readonly readBytes: number;
}

export function createEngine(open: (events: DriverEvents) => Driver, options: EngineOptions): HotEngine {
  const { prefix, maxMessageBytes, presenceLeaseMs, headCheckMs, timeoutMs, retention } = options;
  const readBytes = String(options.readBytes);
  const lives = createLives(Date.now);
  const driver = open({
    message: (key, text) => hub.hear(key, text),
    turn() {
      lives.forget();
      caller.turn();
      hub.turn();
    },
    error: (error) => caller.blame(error),
  });
  const caller = createCaller({ driver, lives, prefix, timeoutMs });
  const hub = createHub({ driver, caller, prefix, headCheckMs, presenceLeaseMs, timeoutMs });
  const presence = createPresence(caller, presenceLeaseMs);
  const commit = createCommitQueue({
    caller,
    below: () => below,
    maxMessageBytes,
    retention,
    spans: !driver.isCluster,
  });
  let isOpen = true;
  let below: Below | undefined;
  let tier: HotTier | undefined;
  const checkOpen = (): void => {
    if (!isOpen) throw new ChannelError('closed', 'The engine was closed.');
  };

  return {
    features: { maxMessageBytes, checksOffsets: true, seal: true, presenceLeaseMs },
    async commit(channel, publisher, operations) {
      checkOpen();
      return commit(channel, publisher, operations);
    },
    async signal(channel, { clientId, claims }, { id, name, data, headers = {} }) {
      const signal = JSON.stringify({ id, name, data, headers, clientId, claims });
      await caller.ask(SCRIPTS.signal, channel, [signal]);
    },
    async tail(channel, listener) {
      checkOpen();
      return hub.tail(channel, listener);
    },
    async changesSince(channel, position) {
      checkOpen();
      const from = decodePosition(position);
      if (from === undefined) return undefined;
      const answer = await caller.ask(SCRIPTS.changes, channel, [from.epoch, String(from.tick), readBytes]);
      if (answer === null) return undefined;
      const { e, t, m } = answer as { e: string; t: number; m: readonly MessageRow[] };
      return { changed: m.map(decodeMessage), head: encodePosition(e, t) };
    },
    async message(channel, serial) {
      const row = await caller.ask(SCRIPTS.message, channel, [encodeSerial(serial)]);
      return row === null ? undefined : decodeMessage(row as MessageRow).message;
    },
    async page(channel, { until, cursor, limit }) {
      checkOpen();
      const newest = until === undefined ? undefined : decodePosition(until);
      const answer = await caller.ask(SCRIPTS.page, channel, [
        newest?.epoch ?? '',
        String(newest?.tick ?? ''),
        tickAt(cursor),
        String(readLimit(limit)),
        readBytes,
      ]);
      const { m, n } = answer as { m: readonly MessageRow[]; n: boolean };
      const messages = m.map((row) => decodeMessage(row).message);
      const next = n ? cursorAfter(messages) : undefined;
      return next === undefined ? { messages } : { messages, next };
    },
    async annotations(channel, serial, { cursor, limit }) {
      checkOpen();
      const count = readLimit(limit);
      const values = [encodeSerial(serial), tickAt(cursor), String(count + 1)];
      const rows = await caller.ask(SCRIPTS.annotations, channel, values);
      if (rows === null)
        throw new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
      const found = (rows as readonly AnnotationRow[]).map((row) => decodeAnnotation(serial, row));
      return annotationPageOf(found, count);
    },
    ...presence,
    tier(given) {
      if (retention.ageMs > 0 || retention.bytes > 0)
        throw new TypeError('createRedisEngine: above a cold store, leave retention to that');
      below ??= given;
      caller.rise();
      return (tier ??= createTier({ caller, driver, prefix, readBytes }));
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      hub.close();
      caller.close();
      driver.close();
    },
  };
}

/** The tick that a page ended at, as the scripts take it; empty for the first page. */
function tickAt(cursor: string | undefined): string {
  return String(tickOfCursor(cursor) ?? '');
}

function cursorAfter(messages: readonly Message[]): Cursor | undefined {
  return messages.at(-1)?.serial as string | undefined as Cursor | undefined;
}
