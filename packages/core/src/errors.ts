const RETRYABLE = {
  /** An argument is malformed. */
  invalid: false,
  /** The session was closed. */
  closed: false,
  /** No such run, message or call in what is loaded. */
  not_found: false,
  /** The channel or the session's rules don't allow it. */
  forbidden: false,
  /** The run has ended or was taken over. */
  superseded: false,
  /** The channel can't be reached at the moment. */
  unavailable: true,
  /** The record could not be stored; `cause` says why. */
  refused: false,
} as const;

export type SessionErrorCode = keyof typeof RETRYABLE;

export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
  }

  get retryable(): boolean {
    return RETRYABLE[this.code];
  }
}
