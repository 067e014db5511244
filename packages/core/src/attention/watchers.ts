import type { JsonValue } from '@holdfast/channel';
import type { Participant, SessionSnapshot } from '../snapshot.ts';

/**
 * Who is looking at a session now: everybody present who is no agent, and whose presence does not say `watching: false`, as a
 * page in the background does (`enterWatching`).
 */
export function watchersOf({
  snapshot,
}: {
  readonly snapshot: Pick<SessionSnapshot, 'participants'>;
}): readonly Participant[] {
  return snapshot.participants.filter(isWatching);
}

export function isWatching({ role, data }: Pick<Participant, 'role' | 'data'>): boolean {
  return role !== 'agent' && !isTurnedAway(data);
}

function isTurnedAway(data: JsonValue): boolean {
  return typeof data === 'object' && data !== null && 'watching' in data && data['watching'] === false;
}
