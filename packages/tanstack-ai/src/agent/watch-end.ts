import { isObject } from '@holdfast/codec';
import type { StreamChunk } from '@tanstack/ai/client';
import type { AnyEvent } from '../codec/any-event.ts';
import { readInterrupts } from '../codec/interrupt-call.ts';

/** How a stream of events came to its end. */
export type End =
  | { readonly kind: 'finished' }
  /** It waits for a client. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'error'; readonly text: string };

export interface WatchedStream extends AsyncIterable<StreamChunk> {
  /** As the events so far say. */
  readonly end: End;
}

/**
 * Events as they come, and what their last words mean. A provider's failure comes as an event, and the stream ends as if
 * nothing had happened; what it says is for `describeError` to tell.
 */
export function watchEnd(
  events: AsyncIterable<StreamChunk>,
  describeError: (error: unknown) => string,
): WatchedStream {
  let end: End = { kind: 'finished' };
  return {
    get end() {
      return end;
    },
    async *[Symbol.asyncIterator]() {
      for await (const chunk of events) {
        const event = chunk as unknown as AnyEvent;
        if (event?.type === 'RUN_ERROR') {
          const text = describeError(toError(event));
          end = { kind: 'error', text };
          yield toErrorEvent(text);
          continue;
        }
        if (event?.type === 'RUN_FINISHED' && end.kind !== 'error') end = readEnd(event);
        yield chunk;
      }
    },
  };
}

/** The event by which clients of the framework hear of a failure. */
export function toErrorEvent(message: string): StreamChunk {
  const event: AnyEvent = { type: 'RUN_ERROR', message };
  return event as unknown as StreamChunk;
}

function readEnd({ outcome }: AnyEvent): End {
  if (!isObject(outcome) || outcome['type'] !== 'interrupt') return { kind: 'finished' };
  return readInterrupts(outcome).every(({ id }) => typeof id === 'string')
    ? { kind: 'interrupted' }
    : { kind: 'error', text: 'The agent asked for something that has no id.' };
}

function toError({ message, code }: AnyEvent): Error {
  return new Error(String(message), code === undefined ? {} : { cause: code });
}
