import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import type { Message } from '@anthropic-ai/sdk/resources/messages/messages';
import type { MessagesEvent } from '../../src/index.ts';
import { isKnownType } from '../../src/codec/table.ts';

export function events(list: readonly Event[]): readonly MessagesEvent[] {
  return list as unknown as readonly MessagesEvent[];
}

/**
 * What the SDK's own `MessageStream` makes of each message in a stream, what became of calls, and which events there were beside
 * that.
 */
export async function fold(chunks: readonly MessagesEvent[]): Promise<unknown> {
  const streams: Event[][] = [];
  const beside = new Set<string>();
  for (const event of chunks as unknown as readonly Event[]) {
    if (event.type === 'message_start') streams.push([event]);
    else if (isKnownType(event.type)) (streams.at(-1) ?? []).push(event);
    else beside.add(JSON.stringify(event));
  }
  const messages = await Promise.all(streams.map(accumulate));
  return JSON.parse(JSON.stringify({ messages, beside: [...beside] })) as unknown;
}

async function accumulate(stream: readonly Event[]): Promise<Message | undefined> {
  const lines = stream.map((event) => new TextEncoder().encode(`${JSON.stringify(event)}\n`));
  const reading = MessageStream.fromReadableStream(
    new ReadableStream({
      start(controller) {
        for (const line of lines) controller.enqueue(line);
        controller.close();
      },
    }),
  );
  let seen: Message | undefined;
  reading.on('streamEvent', (_event, snapshot) => (seen = snapshot));
  const isWhole = stream.some(({ type }) => type === 'message_stop');
  try {
    await reading.done();
  } catch (error) {
    // A stream that broke off has no final message.
    if (isWhole) throw error;
  }
  return seen;
}
