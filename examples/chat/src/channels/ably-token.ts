import type { Claims } from '@holdfast/channel';
import { SignJWT } from 'jose';

const PARTICIPANT = [
  'publish',
  'subscribe',
  'history',
  'presence',
  'annotation-publish',
  'annotation-subscribe',
] as const;
/** An answer grows by appends. Of the others' messages an agent changes none either. */
const AGENT = [...PARTICIPANT, 'message-update-own', 'message-delete-own'] as const;

export interface AblyTokenOptions {
  /** The app's key, `appId.keyId:secret`: it stays with your servers. */
  readonly key: string;
  readonly clientId: string;
  readonly role: 'participant' | 'agent';
  /** Which session the token is for; `*` for all. */
  readonly session: string;
}

/** Signs what lets one client into a session at Ably, and what is stamped on all that it publishes there. */
export async function signAblyToken({ key, clientId, role, session }: AblyTokenOptions): Promise<string> {
  const colon = key.indexOf(':');
  const claims: Claims = { role };
  return new SignJWT({
    'x-ably-clientId': clientId,
    'x-ably-capability': JSON.stringify({
      [`holdfast:${session}`]: role === 'agent' ? AGENT : PARTICIPANT,
    }),
    'ably.channel.holdfast:*': JSON.stringify(claims),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: key.slice(0, colon) })
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(key.slice(colon + 1)));
}
