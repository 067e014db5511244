import type { Delivery, Message, Position, Serial } from '@holdfast/channel';
import type { Projection } from '../../src/projection/types.ts';
import { compact } from './random-channel.ts';
import type { LogEvent } from './random-channel.ts';

const POSITION = 'p' as Position;

/** Gives the next of a reader's choices: a number below `count`. The first, 0, is always the plain course. */
export type Choose = (count: number) => number;

export function chooser(choices: readonly number[]): Choose {
  let at = 0;
  return (count) => {
    const choice = choices[at] ?? 0;
    at += 1;
    return choice % count;
  };
}

/** What one reader receives of a log: pages of history and live deliveries, as a channel that keeps its contract may send. */
export function readings(events: readonly LogEvent[], choose: Choose): readonly Delivery[] {
  const received: Delivery[] = [];
  const pages: Message[][] = [];
  const met = new Set<Serial>();
  /** Text that was held back to be sent with what follows it. */
  const held = new Map<Serial, { readonly offset: number; readonly data: string }>();

  const whole = (message: Message): void => {
    met.add(message.serial);
    held.delete(message.serial);
    received.push({ kind: 'message', message, position: POSITION });
  };
  const loadPage = (): void => {
    for (const message of pages.shift() ?? [])
      received.push({ kind: 'message', message, position: POSITION });
  };
  const readHistory = (position: number): void => {
    const messages = compact(events, position).toReversed();
    for (let at = 0; at < messages.length;) {
      const size = 1 + choose(4);
      pages.push(messages.slice(at, at + size));
      at += size;
    }
  };

  const start = choose(events.length + 1);
  readHistory(start);
  let at = start;
  while (at < events.length) {
    if (pages.length > 0 && choose(2) === 0) {
      loadPage();
      continue;
    }
    const event = events[at];
    if (event === undefined) break;
    switch (choose(6)) {
      case 1:
        whole(event.message);
        break;
      case 2: {
        const old = received[choose(received.length + 1)];
        if (old !== undefined) received.push(old);
        continue;
      }
      case 3: {
        // A gap: some changes are lost, every message counts as unmet, and history is read up to it.
        at = Math.min(events.length, at + 1 + choose(3));
        met.clear();
        held.clear();
        received.push({ kind: 'gap', position: POSITION });
        readHistory(at);
        continue;
      }
      case 4:
        if (event.added !== undefined && met.has(event.message.serial)) {
          held.set(event.message.serial, joined(held.get(event.message.serial), event.added));
          break;
        }
        whole(event.message);
        break;
      default:
        live(event);
    }
    at += 1;
  }
  for (const { message } of events) if (held.has(message.serial)) whole(lastOf(events, message));
  while (pages.length > 0) loadPage();
  return received;

  function live({ message, added, annotated }: LogEvent): void {
    const { serial, version } = message;
    if (!met.has(serial)) return whole(message);
    if (annotated !== undefined) {
      received.push({ kind: 'annotations', serial, summary: annotated, position: POSITION });
      return;
    }
    if (added === undefined) return whole(message);
    const { offset, data } = joined(held.get(serial), added);
    held.delete(serial);
    received.push({ kind: 'append', serial, version, data, offset, position: POSITION });
  }
}

function joined(
  before: { readonly offset: number; readonly data: string } | undefined,
  added: { readonly offset: number; readonly data: string },
): { readonly offset: number; readonly data: string } {
  return before === undefined ? added : { offset: before.offset, data: before.data + added.data };
}

function lastOf(events: readonly LogEvent[], { serial }: Message): Message {
  return events.findLast(({ message }) => message.serial === serial)?.message ?? failed();
}

function failed(): never {
  throw new TypeError('no such message');
}

export function receiveAll(projection: Projection, deliveries: readonly Delivery[]): void {
  for (const delivery of deliveries) projection.receive(delivery);
}
