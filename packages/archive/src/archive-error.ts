export type ArchiveErrorCode =
  /** What was given is no export of a session, or a part of one; or the server took it for bad. */
  | 'invalid'
  /** The archive has a session of that name already, or the answer is still being written. */
  | 'conflict'
  /** The session has no such message. */
  | 'not_found'
  /** The archive's address doesn't let this client in. */
  | 'forbidden'
  /** The archive's address doesn't answer as it should. */
  | 'unavailable';

export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: ArchiveErrorCode;

  constructor(code: ArchiveErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
  }

  get retryable(): boolean {
    return this.code === 'unavailable';
  }
}
