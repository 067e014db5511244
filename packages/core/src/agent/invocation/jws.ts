import type { JsonObject } from '@holdfast/codec';
import { isObject } from '@holdfast/codec';
import { InvocationError } from './invocation-error.ts';

// JSON Web Signatures with HS256 and nothing else, over WebCrypto: this runs wherever agents do, on edge runtimes too, and any
// JWT library reads and writes the same.

/** Tells these tokens from others that are signed with the same secret, such as a gateway's. */
const TYPE = 'holdfast-invocation+jwt';
const HEADER = { alg: 'HS256', typ: TYPE } as const;
const MIN_SECRET_BYTES = 32;
const MAX_LENGTH = 8192;

export type Secret = string | Uint8Array;

/** @throws TypeError for a secret under 32 bytes */
export async function sign(payload: JsonObject, secret: Secret): Promise<string> {
  const signed = `${encode(HEADER)}.${encode(payload)}`;
  const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), bytesOf(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}

/**
 * What one of the secrets has signed.
 *
 * @throws InvocationError `malformed`, `forged`; TypeError for a secret under 32 bytes
 */
export async function verify(token: string, secrets: readonly Secret[]): Promise<JsonObject> {
  const [header, payload, signature, ...rest] = token.split('.');
  if (
    token.length > MAX_LENGTH ||
    header === undefined ||
    payload === undefined ||
    signature === undefined ||
    rest.length > 0
  )
    throw new InvocationError('malformed', 'The token is no JSON Web Token.');
  const { alg, typ } = decode(header);
  if (alg !== HEADER.alg || typ !== TYPE)
    throw new InvocationError(
      'malformed',
      `The token must have the algorithm ${HEADER.alg} and the type ${TYPE}.`,
    );
  const mac = fromBase64Url(signature);
  for (const secret of secrets)
    if (await crypto.subtle.verify('HMAC', await keyOf(secret), mac, bytesOf(`${header}.${payload}`)))
      return decode(payload);
  throw new InvocationError('forged', 'The token is not signed with the secret of this agent.');
}

/** @throws TypeError for a secret under 32 bytes */
export function checkSecret(secret: Secret): Uint8Array<ArrayBuffer> {
  const bytes = typeof secret === 'string' ? bytesOf(secret) : Uint8Array.from(secret);
  if (bytes.length < MIN_SECRET_BYTES)
    throw new TypeError(`The secret has ${bytes.length} bytes; it needs at least ${MIN_SECRET_BYTES}.`);
  return bytes;
}

function keyOf(secret: Secret): Promise<CryptoKey> {
  const bytes = checkSecret(secret);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function encode(value: JsonObject): string {
  return toBase64Url(bytesOf(JSON.stringify(value)));
}

function decode(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64Url(text)));
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new InvocationError('malformed', 'The token is no JSON Web Token.');
}

function toBase64Url(bytes: Uint8Array): string {
  const text = [...bytes].map((byte) => String.fromCodePoint(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw new InvocationError('malformed', 'The token is no JSON Web Token.');
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(bytes, (character) => character.codePointAt(0) ?? 0);
  } catch {
    throw new InvocationError('malformed', 'The token is no JSON Web Token.');
  }
}
