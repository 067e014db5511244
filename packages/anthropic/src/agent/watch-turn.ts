import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import type { Turn } from '@holdfast/core/turns';
import type { FailureEvent, MessagesEvent } from '../codec/any-event.ts';

export interface WatchedTurn extends AsyncIterable<MessagesEvent> {
  /** As the events so far say. */
  readonly end: Turn;
}

const BROKE_OFF = 'The stream ended before the message did.';

/** Events as they come, and how they end. A stream that just ends has failed. */
export function watchTurn(
  events: AsyncIterable<MessagesEvent>,
  describeError: (error: unknown) => string,
): WatchedTurn {
  let end: Turn | undefined;
  let reason: string | null | undefined;
  return {
    get end() {
      return end ?? { is: 'over' };
    },
    async *[Symbol.asyncIterator]() {
      for await (const event of events) {
        if (event?.type === 'error') {
          // A proxy, or a stream that is not the SDK's, may hand on what the SDK would throw.
          const message = describeError(new Error(event.error.message, { cause: event.error.type }));
          end = { is: 'failed', reason: message };
          yield toErrorEvent(message);
          continue;
        }
        if (event?.type === 'message_delta') reason = stopReasonOf(event);
        if (event?.type === 'message_stop') end ??= { is: reason === 'pause_turn' ? 'paused' : 'over' };
        yield event;
      }
      if (end === undefined) throw new Error(BROKE_OFF);
    },
  };
}

export function toErrorEvent(message: string): FailureEvent {
  return { type: 'error', error: { type: 'api_error', message } };
}

function stopReasonOf({ delta }: Extract<RawMessageStreamEvent, { type: 'message_delta' }>): string | null {
  return delta.stop_reason;
}
