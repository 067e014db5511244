import { ChannelError, type Channel, type Message, type Serial } from '@holdfast/channel';
import type { StreamDurability } from '@tanstack/ai';
import type { StreamChunk } from '@tanstack/ai/client';
import { createBell } from '../connection/bell.ts';
import { END, linesAfter, NAME, toCursor, toOffset, type Line } from './chunk-lines.ts';
import { followMessages } from './follow-messages.ts';

export interface ChannelStreamOptions {
  /** Where the consumer goes on, as it said; `null` (default) for a producer, or one who reads from the start. */
  readonly offset?: string | null;
  /** How long who joins from the start waits for a run of which nothing is stored, in milliseconds. Default 5000. */
  readonly joinMs?: number;
}

/** Share of `maxMessageBytes` at which the next message begins: the rest is for its headers. */
const FULL = 0.85;

const utf8 = new TextEncoder();

/**
 * The chunks of one run on a channel of its own: for `toServerSentEventsResponse`, `resumeServerSentEventsResponse` and
 * `replayRunStream` of TanStack AI, where an application keeps its requests and wants no session. Any number of processes
 * may read; one writes, and another may go on with what it left.
 *
 * `read` throws a ChannelError `not_found` for a run that nobody has begun within `joinMs`, and TypeError for a foreign
 * offset; all else is the channel's.
 */
export function channelStream(
  channel: Channel,
  { offset = null, joinMs = 5000 }: ChannelStreamOptions = {},
): StreamDurability {
  let writer: Promise<Writer> | undefined;
  const write = async <T>(act: (writer: Writer) => Promise<T>): Promise<T> =>
    act(await (writer ??= openWriter(channel)));
  /** What was asked before is stored before. */
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const done = queue.then(act);
    queue = done.catch(() => {});
    return done;
  };

  return {
    resumeFrom: () => offset,
    append: (chunks) => inTurn(() => write((to) => to.append(chunks))),
    close: () => inTurn(() => write((to) => to.close())),
    read: (from, signal) => read(channel, { from, signal, joinMs }),
    async snapshot() {
      const { messages } = await readStored(channel);
      return [...linesAfter(messages, toCursor('-1')).lines];
    },
  };
}

interface Reading {
  readonly from: string;
  readonly signal: AbortSignal | undefined;
  readonly joinMs: number;
}

async function* read(channel: Channel, { from, signal, joinMs }: Reading): AsyncGenerator<Line> {
  const bell = createBell();
  let cursor = toCursor(from);
  let failure: Error | undefined;
  let isLate = false;
  const followed = followMessages(channel, (error) => {
    failure ??= error;
    bell.ring();
  });
  const timer = setTimeout(() => {
    isLate = true;
    bell.ring();
  }, joinMs);
  try {
    await followed.ready;
    while (signal?.aborted !== true) {
      const { messages } = followed;
      const found = linesAfter(messages, cursor);
      cursor = found.cursor;
      yield* found.lines;
      if (found.isClosed) return;
      if (failure !== undefined) throw failure;
      if (isLate && messages.length === 0)
        throw new ChannelError('not_found', 'Nothing is stored of this run, and nobody writes it.');
      if (found.lines.length === 0) await bell.wait(signal);
    }
  } finally {
    clearTimeout(timer);
    followed.close();
  }
}

interface Writer {
  append(chunks: readonly StreamChunk[]): Promise<string[]>;
  close(): Promise<void>;
}

async function openWriter(channel: Channel): Promise<Writer> {
  const room = channel.features.maxMessageBytes * FULL;
  const { messages } = await readStored(channel);
  let isClosed = linesAfter(messages, toCursor('-1')).isClosed;
  const last = messages.at(-1);
  let index = messages.length - 1;
  let serial: Serial | undefined = last?.serial;
  const stored = typeof last?.data === 'string' ? last.data : '';
  let { length } = stored;
  let bytes = bytesOf(stored);

  const put = async (text: string): Promise<void> => {
    const more = bytesOf(text);
    if (serial === undefined || bytes + more > room) {
      const draft = { id: `${NAME}-${index + 1}`, name: NAME, data: text, headers: {} };
      const [receipt] = await channel.publish({ action: 'create', draft });
      index += 1;
      [serial, length, bytes] = [receipt?.serial, text.length, more];
      return;
    }
    await channel.publish({ action: 'append', serial, data: text, offset: length });
    length += text.length;
    bytes += more;
  };

  return {
    async append(chunks) {
      if (isClosed) throw new ChannelError('conflict', 'This run was closed: nothing can be added to it.');
      const lines = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`);
      if (lines.length > 0) await put(lines.join(''));
      let at = length - lines.reduce((sum, line) => sum + line.length, 0);
      return lines.map((line) => toOffset({ message: index, at: (at += line.length) }));
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await put(END);
    },
  };
}

async function readStored(channel: Channel): Promise<{ readonly messages: readonly Message[] }> {
  const followed = followMessages(channel, () => {});
  try {
    await followed.ready;
    return { messages: followed.messages };
  } finally {
    followed.close();
  }
}

/** As it travels: JSON in JSON. */
function bytesOf(text: string): number {
  return utf8.encode(JSON.stringify(text)).length;
}
