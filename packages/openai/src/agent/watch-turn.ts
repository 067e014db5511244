import type { Turn } from '@holdfast/core/turns';
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';

export interface WatchOptions {
  readonly describeError: (error: unknown) => string;
  readonly sendRequest: boolean;
}

export interface WatchedTurn extends AsyncIterable<ResponseStreamEvent> {
  /** As the events so far say. */
  readonly end: Turn;
}

const BROKE_OFF = 'The stream ended before the response did.';

/**
 * Events as they come, and how they end. A provider's failure may come as an event, and the stream ends as if nothing had
 * happened; what it says is for `describeError` to tell. A stream that just ends has failed too.
 */
export function watchTurn(
  events: AsyncIterable<ResponseStreamEvent>,
  { describeError, sendRequest }: WatchOptions,
): WatchedTurn {
  let end: Turn | undefined;
  const fail = (error: Error): string => {
    const reason = describeError(error);
    end = { is: 'failed', reason };
    return reason;
  };
  return {
    get end() {
      return end ?? { is: 'over' };
    },
    async *[Symbol.asyncIterator]() {
      for await (const event of events) {
        switch (event?.type) {
          case 'response.created':
          case 'response.queued':
          case 'response.in_progress':
            yield { ...event, response: toShown(event.response, sendRequest) };
            break;
          case 'response.completed':
          case 'response.incomplete':
            end ??= { is: 'over' };
            yield { ...event, response: toShown(event.response, sendRequest) };
            break;
          case 'response.failed': {
            const { error } = event.response;
            const message = fail(new Error(error?.message ?? 'The response failed.', { cause: error?.code }));
            const response = toShown(event.response, sendRequest);
            yield { ...event, response: { ...response, error: error && { ...error, message } } };
            break;
          }
          case 'error':
            yield { ...event, message: fail(new Error(event.message, { cause: event.code })) };
            break;
          default:
            yield event;
        }
      }
      if (end === undefined) throw new Error(BROKE_OFF);
    },
  };
}

export function toErrorEvent(message: string): ResponseStreamEvent {
  return { type: 'error', code: null, message, param: null, sequence_number: 0 };
}

/** A response without what it repeats of the request: that is the application's own affair. */
function toShown(response: Response, sendRequest: boolean): Response {
  if (sendRequest || typeof response !== 'object' || response === null) return response;
  return { ...response, instructions: null, tools: [], ...(response.prompt != null && { prompt: null }) };
}
