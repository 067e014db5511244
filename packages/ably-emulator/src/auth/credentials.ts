import { refusal } from '../protocol/errors.ts';
import { parseKey, type Apps, type Key } from './apps.ts';
import type { Identity } from './identity.ts';
import { assumeClientId } from './identity.ts';
import { verifyToken } from './tokens.ts';

/** What a client shows to be let in: a key, or a token that a key has signed. */
export interface Credentials {
  readonly key?: string;
  readonly token?: string;
  /** Whom the client says it is. */
  readonly clientId?: string;
}

/** @throws AblyError */
export async function authenticate(apps: Apps, credentials: Credentials, now: number): Promise<Identity> {
  const { key: keyText, token, clientId } = credentials;
  if (keyText !== undefined) {
    const key = checkKey(apps, keyText);
    const identity = { app: key.app, keyName: key.name, capability: key.capability, userClaims: new Map() };
    return assumeClientId(identity, clientId, true);
  }
  if (token === undefined) throw refusal('unauthorized', 'Neither a key nor a token was given.');
  return assumeClientId(await verifyToken(apps, token, now), clientId, false);
}

/** @throws AblyError 40101 */
export function checkKey(apps: Apps, text: string): Key {
  const { name, secret } = parseKey(text);
  const key = apps.key(name);
  if (key === undefined || key.secret !== secret)
    throw refusal('invalidCredentials', 'There is no such key, or its secret is another one.');
  return key;
}
