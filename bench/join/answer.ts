import type { StreamChunk } from '@tanstack/ai';
import { ChatClient } from '@tanstack/ai-client';
import { setImmediate as turn } from 'node:timers/promises';

/** One answer as a model streams it, and how a chat of TanStack AI comes to show it. */
export const DELTAS = 10_000;

export const EVENTS = [
  { type: 'RUN_STARTED', runId: 'r1', threadId: 't1' },
  { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
  ...Array.from({ length: DELTAS }, (_, n) => ({
    type: 'TEXT_MESSAGE_CONTENT',
    messageId: 'm1',
    delta: n % 2 === 0 ? 'toke ' : 'n to ',
  })),
  { type: 'TEXT_MESSAGE_END', messageId: 'm1' },
  { type: 'RUN_FINISHED', runId: 'r1', threadId: 't1', finishReason: 'stop' },
] as unknown as readonly StreamChunk[];

export const LENGTH = DELTAS * 5;

export interface Joined {
  readonly bytes: number;
  readonly ms: number;
}

/** An event as it is sent to a page. */
export function toLine(event: StreamChunk): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** Resolves when a chat shows all of it. */
export async function shownIn(chat: ChatClient): Promise<void> {
  const length = (): number =>
    chat
      .getMessages()
      .flatMap(({ parts }) => parts)
      .reduce((sum, part) => sum + (part.type === 'text' ? part.content.length : 0), 0);
  while (length() < LENGTH) await turn();
}

/** Has a chat read server-sent events, as `useChat` does when it joins a run: they are replayed through its own connection. */
export async function joinLines(open: () => Promise<AsyncIterable<Uint8Array | string>>): Promise<Joined> {
  const started = performance.now();
  let bytes = 0;
  const decoder = new TextDecoder();
  async function* chunks(): AsyncGenerator<StreamChunk> {
    let rest = '';
    for await (const data of await open()) {
      bytes += Buffer.byteLength(data);
      const text = typeof data === 'string' ? data : decoder.decode(data, { stream: true });
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines)
        if (line.startsWith('data: {')) yield JSON.parse(line.slice(6)) as StreamChunk;
    }
  }
  const idle = new Promise<never>(() => {});
  const chat = new ChatClient({
    connection: {
      async *subscribe() {
        yield* chunks();
        await idle;
      },
      send: () => Promise.resolve(),
    },
    threadId: 'bench',
  });
  chat.subscribe();
  await shownIn(chat);
  const ms = performance.now() - started;
  chat.dispose();
  return { bytes, ms };
}
