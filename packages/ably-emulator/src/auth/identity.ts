import type { App } from './apps.ts';
import type { Capability } from './capability.ts';
import { matches } from './capability.ts';
import { refusal } from '../protocol/errors.ts';

/** Who a client is and what it may do, as its key or token says. */
export interface Identity {
  readonly app: App;
  readonly keyName: string;
  /** Absent: anonymous. `*`: may speak for anyone. */
  readonly clientId?: string;
  readonly capability: Capability;
  /** When the token ends, in milliseconds since 1970. */
  readonly expires?: number;
  /** What a token says of its user, by channel pattern. */
  readonly userClaims: ReadonlyMap<string, string>;
}

/** The user claim that the token makes for a channel: of several patterns the longest counts. */
export function userClaimFor({ userClaims }: Identity, channel: string): string | undefined {
  const fitting = [...userClaims].filter(([pattern]) => matches(pattern, channel));
  return fitting.sort(([a], [b]) => b.length - a.length)[0]?.[1];
}

/** The same, speaking for the `clientId` that the client has asked for. @throws AblyError 40102 */
export function assumeClientId(identity: Identity, clientId: string | undefined, byKey: boolean): Identity {
  if (clientId === undefined || clientId === '' || clientId === identity.clientId) return identity;
  if (byKey || identity.clientId === '*') return { ...identity, clientId };
  throw refusal(
    'incompatible',
    `The token is for ${identity.clientId ?? 'an anonymous client'}, not for ${JSON.stringify(clientId)}.`,
  );
}

/** Who is meant by a client id in what a client publishes. @throws AblyError 40012 */
export function speakFor(
  { clientId: own }: Identity,
  claimed: string | null | undefined,
): string | undefined {
  const named = claimed ?? undefined;
  if (own === undefined || own === '*') {
    if (named === '*') throw refusal('invalidClientId', 'The client id may not be *.');
    return named;
  }
  if (named !== undefined && named !== own)
    throw refusal('invalidClientId', `This connection speaks for ${own}, not for ${named}.`);
  return own;
}
