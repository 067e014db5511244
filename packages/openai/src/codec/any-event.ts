import type { JsonObject } from '@holdfast/codec';
import type { SessionEvent } from '@holdfast/codec/documents';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';

/** What a session has of an answer: the provider's events, and what became of the calls that the application runs. */
export type ResponsesEvent = ResponseStreamEvent | SessionEvent;

/** An event with its fields yet to be looked at. */
export type AnyEvent = JsonObject & { readonly type: string };

/** Names the provider in `raw` controls. */
export const PROVIDER = 'openai';

export const MARKS = {
  /** What a response says beside its shown parts. */
  response: `${PROVIDER}/response`,
  /** An event of a known type that had no place where it came: nothing shows it. */
  unplaced: `${PROVIDER}/unplaced`,
} as const;
