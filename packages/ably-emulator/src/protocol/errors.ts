import { isChannelError, type ChannelErrorCode } from '@holdfast/channel';

/** An error as it stands on the wire. */
export interface WireError {
  readonly code: number;
  readonly statusCode: number;
  readonly message: string;
  readonly href: string;
}

/** A refusal with one of Ably's error codes. */
export class AblyError extends Error {
  override readonly name = 'AblyError';
  readonly code: number;
  readonly statusCode: number;

  constructor(code: number, statusCode: number, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.statusCode = statusCode;
  }
}

/** The codes that this server gives out, with the HTTP status that goes with each. */
const KNOWN = {
  badRequest: [40000, 400],
  invalidMessage: [40003, 400],
  tooLarge: [40009, 400],
  invalidChannel: [40010, 400],
  invalidClientId: [40012, 400],
  invalidId: [40031, 400],
  unauthorized: [40100, 401],
  invalidCredentials: [40101, 401],
  incompatible: [40102, 401],
  tokenUnrecognised: [40140, 401],
  tokenExpired: [40142, 401],
  notCapable: [40160, 401],
  forbidden: [40300, 403],
  notFound: [40400, 404],
  tooFast: [42911, 429],
  internal: [50000, 500],
  unavailable: [50003, 503],
  resumeFailed: [80018, 400],
  continuityLost: [90003, 400],
  noClientId: [91000, 400],
  immutable: [93002, 400],
} as const satisfies Record<string, readonly [code: number, status: number]>;

export function refusal(kind: keyof typeof KNOWN, message: string): AblyError {
  const [code, status] = KNOWN[kind];
  return new AblyError(code, status, message);
}

/** What an engine's refusal is to an Ably client. */
const ENGINE: Partial<Record<ChannelErrorCode, keyof typeof KNOWN>> = {
  invalid: 'badRequest',
  not_found: 'notFound',
  forbidden: 'forbidden',
  too_large: 'tooLarge',
  rate_limited: 'tooFast',
  storage_full: 'unavailable',
  unavailable: 'unavailable',
};

export function toAblyError(error: unknown): AblyError {
  if (error instanceof AblyError) return error;
  if (isChannelError(error)) return refusal(ENGINE[error.code] ?? 'internal', error.message);
  const [code, status] = KNOWN.internal;
  return new AblyError(code, status, error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

export function toWireError({ code, statusCode, message }: AblyError): WireError {
  return { code, statusCode, message, href: `https://help.ably.io/error/${code}` };
}
