export type CodecErrorCode = 'invalid' | 'unsupported_format';

/** Thrown for input no encoder can store; what a log contains never throws, it becomes a `raw` part. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code: CodecErrorCode;
  readonly path: string | undefined;
  readonly retryable = false;

  constructor(code: CodecErrorCode, message: string, options: { cause?: unknown; path?: string } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.path = options.path;
  }
}
