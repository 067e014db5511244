import type { Capabilities } from '@holdfast/server';
import { issueToken } from '@holdfast/server/token';
import { DESK, isStaff, PEOPLE, sessionOf } from './people.ts';

const PARTICIPANT = ['publish', 'subscribe', 'history', 'presence'] as const;

/** A customer's own conversation and what may be read beside it. Staff has all of them, with their private lanes, and the desk. */
function capabilitiesOf(clientId: string): Capabilities {
  if (isStaff(PEOPLE[clientId])) return { 'support-*': PARTICIPANT, [DESK]: ['subscribe', 'history'] };
  const session = sessionOf(clientId);
  return { [session]: PARTICIPANT, [`${session}:open:*`]: PARTICIPANT };
}

/** Undefined for somebody who isn't known. */
export function tokenFor(clientId: string, secret: string): Promise<string> | undefined {
  const person = Object.hasOwn(PEOPLE, clientId) ? PEOPLE[clientId] : undefined;
  return (
    person &&
    issueToken({
      secret,
      clientId,
      claims: person.claims,
      capabilities: capabilitiesOf(clientId),
      ttl: 600,
    })
  );
}
