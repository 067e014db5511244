import type { Message } from '@holdfast/channel';
import type { StreamChunk } from '@tanstack/ai/client';

// How a run's chunks lie in a channel: a line of JSON for each, in one message, or in several where one is full. An empty line
// says that no more will come.

export const NAME = 'chunks';
export const END = '\n';

/** Behind a line: in which message, and where in its data. */
export interface Cursor {
  readonly message: number;
  readonly at: number;
}

export interface Line {
  readonly offset: string;
  readonly chunk: StreamChunk;
}

export function toOffset({ message, at }: Cursor): string {
  return `${message}:${at}`;
}

/** `-1` is the start, as TanStack AI has it. @throws TypeError for what is no offset of this adapter */
export function toCursor(offset: string): Cursor {
  if (offset === '-1') return { message: 0, at: 0 };
  const [, message, at] = /^(\d{1,9}):(\d{1,15})$/u.exec(offset) ?? [];
  if (message === undefined || at === undefined)
    throw new TypeError(`${JSON.stringify(offset)} is no offset of this stream`);
  return { message: Number(message), at: Number(at) };
}

export interface Lines {
  readonly lines: readonly Line[];
  readonly cursor: Cursor;
  readonly isClosed: boolean;
}

/** The whole lines after a cursor. `messages` are those of the run, oldest first. */
export function linesAfter(messages: readonly Message[], { message: first, at: start }: Cursor): Lines {
  const lines: Line[] = [];
  let cursor: Cursor = { message: first, at: start };
  for (let message = first; message < messages.length; message += 1) {
    const { data } = messages[message] ?? {};
    if (typeof data !== 'string') break;
    let at = message === first ? start : 0;
    for (let end = data.indexOf('\n', at); end >= 0; end = data.indexOf('\n', at)) {
      if (end === at) return { lines, cursor, isClosed: true };
      const chunk = JSON.parse(data.slice(at, end)) as StreamChunk;
      at = end + 1;
      cursor = { message, at };
      lines.push({ chunk, offset: toOffset(cursor) });
    }
  }
  return { lines, cursor, isClosed: false };
}
