/** Every way in which a channel refuses or fails. */
export type ChannelErrorCode =
  /** An argument is malformed; `path` names the field. */
  | 'invalid'
  /** The credentials are missing, forged or expired. */
  | 'unauthenticated'
  /** The credentials do not allow this. */
  | 'forbidden'
  /** No message with that serial. */
  | 'not_found'
  /** An id was used for something else, or an append's offset is not the message's length. */
  | 'conflict'
  /** A later claim sealed the message; its writer has been replaced. */
  | 'sealed'
  /** Over the channel's size limit. */
  | 'too_large'
  /** Over the channel's rate limit. */
  | 'rate_limited'
  /** The backend does not offer this. */
  | 'unsupported'
  /** The backend has no room left. Nothing was stored. */
  | 'storage_full'
  /** The backend can't be reached at the moment. */
  | 'unavailable'
  /** The connection broke before the answer came: it may have happened or not. Retrying is safe. */
  | 'unknown_outcome'
  /** The channel, or what opened it, was closed. */
  | 'closed'
  /** A fault of the backend or the adapter. */
  | 'internal';

/** All of them: a record, so that none is forgotten. */
const CODES: { readonly [C in ChannelErrorCode]: C } = {
  invalid: 'invalid',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  not_found: 'not_found',
  conflict: 'conflict',
  sealed: 'sealed',
  too_large: 'too_large',
  rate_limited: 'rate_limited',
  unsupported: 'unsupported',
  storage_full: 'storage_full',
  unavailable: 'unavailable',
  unknown_outcome: 'unknown_outcome',
  closed: 'closed',
  internal: 'internal',
};

export const CHANNEL_ERROR_CODES: readonly ChannelErrorCode[] = /* @__PURE__ */ Object.values(CODES);

/** Where trying the same again can help. */
const RETRYABLE: ReadonlySet<ChannelErrorCode> = new Set([
  'rate_limited',
  'storage_full',
  'unavailable',
  'unknown_outcome',
]);

export interface ChannelErrorOptions {
  readonly cause?: unknown;
  /** The path of the bad field, for `invalid`: `operations[0].draft.id`. */
  readonly path?: string;
}

/** The only error that crosses the channel contract; a backend's own error is its `cause`. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly code: ChannelErrorCode;
  readonly path: string | undefined;

  constructor(code: ChannelErrorCode, message: string, options: ChannelErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.path = options.path;
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}

export function isChannelError(value: unknown): value is ChannelError {
  return value instanceof Error && value.name === 'ChannelError' && 'code' in value;
}
