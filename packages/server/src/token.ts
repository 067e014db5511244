import { ChannelError, type Claims } from '@holdfast/channel';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import * as v from 'valibot';
import { expired } from './gateway/farewell.ts';
import type { Authenticate, Capabilities } from './gateway/identity.ts';

export interface IssueTokenOptions {
  /** At least 32 bytes, the same as `verifyTokens` has. A string counts in UTF-8. */
  readonly secret: string | Uint8Array;
  /** Whom the token is for. Absent: anonymous. */
  readonly clientId?: string;
  /** What is stamped on what the client publishes: `{ role: 'participant' }`. Default: none. */
  readonly claims?: Claims;
  readonly capabilities: Capabilities;
  /** How long the token is good, in seconds. */
  readonly ttl: number;
}

export interface VerifyTokensOptions {
  /** What tokens are signed with; several while one takes the place of another. */
  readonly secret: string | Uint8Array | readonly (string | Uint8Array)[];
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const ALGORITHM = 'HS256';
const MIN_SECRET_BYTES = 32;
const OPERATIONS = ['publish', 'subscribe', 'history', 'presence', 'annotate', '*'] as const;

const Payload = v.object({
  sub: v.optional(v.string()),
  exp: v.optional(v.number()),
  cap: v.record(v.string(), v.array(v.picklist(OPERATIONS))),
});

/**
 * Signs a token (a JWT, HS256) that lets a client into a gateway. Only your servers may do this: whoever knows the secret can
 * be anyone.
 *
 * @throws TypeError for a secret under 32 bytes, a `ttl` that is no positive number, or capabilities that aren't any
 */
export async function issueToken({
  secret,
  clientId,
  claims,
  capabilities,
  ttl,
}: IssueTokenOptions): Promise<string> {
  const key = readSecret(secret);
  if (!(ttl > 0)) throw new TypeError('ttl must be a positive number of seconds');
  const checked = v.safeParse(Payload.entries.cap, capabilities);
  if (!checked.success)
    throw new TypeError(`capabilities must map channels to lists of ${OPERATIONS.join(', ')}`);
  const seconds = Date.now() / 1000;
  const payload: JWTPayload = { cap: capabilities, ...(claims !== undefined && { claims }) };
  const token = new SignJWT(payload)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuedAt(Math.floor(seconds))
    .setExpirationTime(Math.ceil(seconds + ttl));
  if (clientId !== undefined) token.setSubject(clientId);
  return token.sign(key);
}

/**
 * An `authenticate` for `serve` that lets in whoever has a token of `issueToken`.
 *
 * @throws TypeError for a secret under 32 bytes
 */
export function verifyTokens({ secret, now = Date.now }: VerifyTokensOptions): Authenticate {
  const list = typeof secret === 'string' || secret instanceof Uint8Array ? [secret] : secret;
  const keys = list.map(readSecret);
  if (keys.length === 0) throw new TypeError('secret must not be an empty list');
  return async (token) => {
    if (token === undefined || token === '')
      throw new ChannelError('unauthenticated', 'A token is needed.', { path: 'token' });
    const payload = await verify(token, keys, now);
    const parsed = v.safeParse(Payload, payload);
    if (!parsed.success) throw refused(parsed.issues[0].message);
    const { sub, exp, cap } = parsed.output;
    const { claims } = payload;
    if (claims !== undefined && !isClaims(claims)) throw refused('claims must be an object');
    return {
      capabilities: cap,
      ...(sub !== undefined && { clientId: sub }),
      ...(claims !== undefined && { claims }),
      ...(exp !== undefined && { expires: exp * 1000 }),
    };
  };
}

/** The payload, if one of the keys signed it. */
async function verify(token: string, keys: readonly Uint8Array[], now: () => number): Promise<JWTPayload> {
  let failure: unknown;
  for (const key of keys) {
    try {
      const options = { algorithms: [ALGORITHM], currentDate: new Date(now()) };
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw expired();
      failure = error;
    }
  }
  throw refused('it is not signed with the secret of this gateway', failure);
}

function refused(why: string, cause?: unknown): ChannelError {
  return new ChannelError('unauthenticated', `The token is not good: ${why}.`, { path: 'token', cause });
}

function readSecret(secret: string | Uint8Array): Uint8Array {
  const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  if (key.length < MIN_SECRET_BYTES)
    throw new TypeError(
      `The secret has ${key.length} bytes; it needs at least ${MIN_SECRET_BYTES}. One way to get one: openssl rand -base64 32`,
    );
  return key;
}

function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
