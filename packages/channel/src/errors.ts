/** Every way in which a channel refuses or fails, and whether trying the same again can help. */
const RETRYABLE = {
  /** An argument is malformed; `path` names the field. */
  invalid: false,
  /** The credentials are missing, forged or expired. */
  unauthenticated: false,
  /** The credentials do not allow this. */
  forbidden: false,
  /** No message with that serial. */
  not_found: false,
  /** An id was used for something else, or an append's offset is not the message's length. */
  conflict: false,
  /** A later claim sealed the message; its writer has been replaced. */
  sealed: false,
  /** Over the channel's size limit. */
  too_large: false,
  /** Over the channel's rate limit. */
  rate_limited: true,
  /** The backend does not offer this. */
  unsupported: false,
  /** The backend has no room left. Nothing was stored. */
  storage_full: true,
  /** The backend can't be reached at the moment. */
  unavailable: true,
  /** The connection broke before the answer came: it may have happened or not. Retrying is safe. */
  unknown_outcome: true,
  /** The channel, or what opened it, was closed. */
  closed: false,
  /** A fault of the backend or the adapter. */
  internal: false,
} as const;

export type ChannelErrorCode = keyof typeof RETRYABLE;

export const CHANNEL_ERROR_CODES = Object.keys(RETRYABLE) as readonly ChannelErrorCode[];

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
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.path = options.path;
  }

  get retryable(): boolean {
    return RETRYABLE[this.code];
  }
}

export function isChannelError(value: unknown): value is ChannelError {
  return value instanceof Error && value.name === 'ChannelError' && 'code' in value;
}
