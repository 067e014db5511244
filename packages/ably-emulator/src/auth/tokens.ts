import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { AblyError, refusal } from '../protocol/errors.ts';
import type { Apps, Key } from './apps.ts';
import { formatCapability, intersect, parseCapability } from './capability.ts';
import type { Identity } from './identity.ts';

const HOUR_MS = 3_600_000;
const CLAIM = 'ably.channel.';

const TokenRequest = v.object({
  keyName: v.optional(v.string()),
  ttl: v.optional(v.nullable(v.union([v.number(), v.pipe(v.string(), v.transform(Number))]))),
  capability: v.optional(v.nullable(v.string())),
  clientId: v.optional(v.nullable(v.string())),
  timestamp: v.optional(v.number()),
  nonce: v.optional(v.string()),
  mac: v.optional(v.string()),
});

export interface TokenDetails {
  readonly token: string;
  readonly keyName: string;
  readonly issued: number;
  readonly expires: number;
  readonly capability: string;
  readonly clientId?: string;
}

/**
 * Issues a token for a request that bears the key's signature, or that comes with the key itself (`trusted`). Tokens are
 * JWTs, signed with the key.
 *
 * @throws AblyError
 */
export async function issueToken(
  key: Key,
  body: unknown,
  trusted: boolean,
  now: number,
): Promise<TokenDetails> {
  const parsed = v.safeParse(TokenRequest, body);
  if (!parsed.success) throw refusal('badRequest', 'That is no token request.');
  const request = parsed.output;
  if (request.mac !== undefined) checkSignature(key, request, request.mac);
  else if (!trusted) throw refusal('invalidCredentials', 'The token request is not signed.');
  const wanted = request.capability ?? undefined;
  const capability =
    wanted === undefined ? key.capability : intersect(key.capability, parseCapability(wanted));
  if (capability === undefined)
    throw refusal('notCapable', 'The key allows nothing of what the token asks for.');
  const expires = now + (request.ttl ?? HOUR_MS);
  const clientId = request.clientId ?? undefined;
  const granted = formatCapability(capability);
  const token = await new SignJWT({
    'x-ably-capability': granted,
    ...(clientId !== undefined && { 'x-ably-clientId': clientId }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: key.name })
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(expires / 1000)
    .sign(secretOf(key));
  return {
    token,
    keyName: key.name,
    issued: now,
    expires,
    capability: granted,
    ...(clientId !== undefined && { clientId }),
  };
}

/** Who a JWT is for: one of this server's own, or any that was signed with a key. @throws AblyError */
export async function verifyToken(apps: Apps, token: string, now: number): Promise<Identity> {
  const key = apps.key(keyNameOf(token));
  if (key === undefined) throw refusal('tokenUnrecognised', 'No key of this server has signed the token.');
  try {
    const options = { algorithms: ['HS256'], currentDate: new Date(now) };
    const { payload } = await jwtVerify(token, secretOf(key), options);
    const { 'x-ably-clientId': clientId, 'x-ably-capability': capability, exp } = payload;
    const granted =
      typeof capability === 'string'
        ? intersect(key.capability, parseCapability(capability))
        : key.capability;
    if (granted === undefined) throw refusal('notCapable', 'The key allows nothing of what the token says.');
    return {
      app: key.app,
      keyName: key.name,
      capability: granted,
      ...(typeof clientId === 'string' && { clientId }),
      ...(exp !== undefined && { expires: exp * 1000 }),
      userClaims: new Map(
        Object.entries(payload).flatMap(([name, value]) =>
          name.startsWith(CLAIM) && typeof value === 'string' ? [[name.slice(CLAIM.length), value]] : [],
        ),
      ),
    };
  } catch (error) {
    if (error instanceof AblyError) throw error;
    if (error instanceof errors.JWTExpired) throw refusal('tokenExpired', 'The token has expired.');
    throw refusal('tokenUnrecognised', 'The signature of the token is wrong.');
  }
}

function keyNameOf(token: string): string {
  try {
    return decodeProtectedHeader(token).kid ?? '';
  } catch {
    throw refusal('tokenUnrecognised', 'The token is no JWT.');
  }
}

function checkSignature(key: Key, request: v.InferOutput<typeof TokenRequest>, mac: string): void {
  const { keyName, ttl, capability, clientId, timestamp, nonce } = request;
  const text = [keyName, ttl, capability, clientId, timestamp, nonce]
    .map((field) => `${field ?? ''}\n`)
    .join('');
  const expected = createHmac('sha256', key.secret).update(text).digest();
  const given = Buffer.from(mac, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw refusal('invalidCredentials', 'The signature of the token request is wrong.');
}

function secretOf({ secret }: Key): Uint8Array {
  return new TextEncoder().encode(secret);
}
