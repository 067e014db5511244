import type { Channels } from '@holdfast/channel';
import { channelStream } from '@holdfast/tanstack-ai/durability';
import { resumeServerSentEventsResponse, toServerSentEventsResponse, type StreamChunk } from '@tanstack/ai';

/** Answers a request; what comes after the client has left is stored all the same. */
export function produce(channels: Channels, run: string, chunks: AsyncIterable<StreamChunk>): Response {
  const adapter = channelStream(channels.channel(`run-${run}`));
  return toServerSentEventsResponse(chunks, { durability: { adapter } });
}

/** Goes on where a client was: `offset` is what its `Last-Event-ID` said. */
export function resume(channels: Channels, run: string, offset: string): Response {
  return resumeServerSentEventsResponse({
    adapter: channelStream(channels.channel(`run-${run}`), { offset }),
  });
}
