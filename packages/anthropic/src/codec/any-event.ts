import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import type { JsonObject } from '@holdfast/codec';
import type { SessionEvent } from '@holdfast/codec/documents';

/** A failure, as the provider's stream says it; the SDK makes an exception of it, and its types have no such event. */
export interface FailureEvent {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string };
}

/** What a session has of an answer: the provider's events, and what became of the calls that the application runs. */
export type MessagesEvent = RawMessageStreamEvent | FailureEvent | SessionEvent;

/** An event with its fields yet to be looked at. */
export type AnyEvent = JsonObject & { readonly type: string };

/** Names the provider in `raw` controls. */
export const PROVIDER = 'anthropic';

export const MARKS = {
  /** What a message says beside its shown parts. */
  message: `${PROVIDER}/message`,
  /** An event of a known type that had no place where it came: nothing shows it. */
  unplaced: `${PROVIDER}/unplaced`,
} as const;
