/** Why an invocation is turned away. */
export type InvocationErrorCode =
  /** No token came with the request. */
  | 'unauthenticated'
  /** The token, or the request, is not what it should be. */
  | 'malformed'
  /** Nobody who knows the secret has signed it. */
  | 'forged'
  | 'expired'
  /** It is for another agent, or the request's body names something else than its token. */
  | 'forbidden'
  /** It was used before. */
  | 'replayed'
  | 'method_not_allowed';

const STATUS: { readonly [C in InvocationErrorCode]: number } = {
  unauthenticated: 401,
  malformed: 400,
  forged: 401,
  expired: 401,
  forbidden: 403,
  replayed: 403,
  method_not_allowed: 405,
};

/** An invocation that starts nothing. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
  readonly code: InvocationErrorCode;

  constructor(code: InvocationErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** Of an HTTP response. */
  get status(): number {
    return STATUS[this.code];
  }
}
