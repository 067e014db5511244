import { StreamProcessor, type StreamChunk, type UIMessage } from '@tanstack/ai/client';
import { restoreInboundChunk } from '@tanstack/ai/client';

/** Events as tests write them. */
export interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

export function events(list: readonly Event[]): readonly StreamChunk[] {
  return list as unknown as readonly StreamChunk[];
}

/** What the framework's own reader makes of events, as chats give them to it. */
export function fold(chunks: readonly StreamChunk[]): unknown {
  const processor = new StreamProcessor();
  for (const chunk of chunks) processor.processChunk(restoreInboundChunk(structuredClone(chunk)));
  return plain(processor.getMessages());
}

/** Messages without what differs from reader to reader: when they were made, and ids that the reader had to invent. */
export function plain(messages: readonly UIMessage[]): unknown {
  const own = messages.map(({ createdAt: _createdAt, id, ...message }) => ({
    id: /^msg(?:$|-)/u.test(id) ? 'unnamed' : id,
    ...message,
  }));
  return JSON.parse(JSON.stringify(own)) as unknown;
}
