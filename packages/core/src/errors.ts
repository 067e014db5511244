export type SessionErrorCode =
  /** An argument is malformed. */
  | 'invalid'
  /** The session was closed. */
  | 'closed'
  /** No such run, message or call in what is loaded. */
  | 'not_found'
  /** The channel or the session's rules don't allow it. */
  | 'forbidden'
  /** The run has ended or was taken over. */
  | 'superseded'
  /** The run ended with an error; the message is its reason. */
  | 'failed'
  /** The run was given up: no agent finished it. */
  | 'lost'
  /** The run rests until somebody answers: its handler is called again then. */
  | 'suspended'
  /** Agents have asked each other for too much at a time, or too deep. */
  | 'limit'
  /** It does not fit into one message of the channel. */
  | 'too_large'
  /** The channel can't be reached at the moment. */
  | 'unavailable'
  /** It could not be sent in time. */
  | 'expired'
  /** It was taken back before it was sent. */
  | 'withdrawn'
  /** The record could not be stored (`cause` says why), or the agent does not let it count. */
  | 'refused';

export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
  }

  get retryable(): boolean {
    return this.code === 'unavailable';
  }
}

export function closedError(cause?: unknown): SessionError {
  return new SessionError('closed', 'The session was closed.', cause === undefined ? {} : { cause });
}
