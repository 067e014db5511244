import type { Channel } from '@holdfast/channel';
import { watchMembers } from '../presence/watch-members.ts';
import { roleOf } from '../records/authority.ts';
import type { Participant } from '../snapshot.ts';

/** Who is present, as the channel tells it; nobody where it doesn't tell. */
export interface Participants {
  readonly current: readonly Participant[];
  close(): void;
}

export function watchParticipants(channel: Channel, changed: () => void): Participants {
  let current: readonly Participant[] = [];
  const members = watchMembers(channel, () => {
    current = (members.current ?? []).map((member) => ({ ...member, role: roleOf(member.claims) }));
    changed();
  });
  return {
    get current() {
      return current;
    },
    close: () => members.close(),
  };
}
