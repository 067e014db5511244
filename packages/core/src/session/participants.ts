import type { Channel, Member, PresenceSubscription } from '@holdfast/channel';
import { roleOf } from '../records/authority.ts';
import type { Participant } from '../snapshot.ts';

/** Who is present, as the channel tells it; nobody where it doesn't tell. */
export interface Participants {
  readonly current: readonly Participant[];
  close(): void;
}

export function watchParticipants(channel: Channel, changed: () => void): Participants {
  const members = new Map<string, Participant>();
  let current: readonly Participant[] = [];
  let open = true;
  let subscription: PresenceSubscription | undefined;

  const add = (member: Member): void => {
    members.set(member.memberId, { ...member, role: roleOf(member.claims) });
  };
  const start = async (): Promise<void> => {
    subscription = await channel.presence.subscribe((event) => {
      if (event.kind === 'sync') {
        members.clear();
        for (const member of event.members) add(member);
      } else if (event.kind === 'leave') members.delete(event.member.memberId);
      else add(event.member);
      current = [...members.values()];
      changed();
    });
    if (!open) subscription.close();
  };
  // A participant that may not see presence has a session all the same.
  start().catch(() => {});

  return {
    get current() {
      return current;
    },
    close() {
      open = false;
      subscription?.close();
    },
  };
}
