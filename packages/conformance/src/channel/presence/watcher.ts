import type { Channel, Member, PresenceEvent } from '@holdfast/channel';
import { canonical } from '../../law/canonical.ts';
import { holds, same } from '../../law/violation.ts';
import { waitUntil } from '../waiting.ts';

/** Folds presence events as they come. */
export interface PresenceWatcher {
  readonly events: readonly PresenceEvent[];
  readonly members: () => readonly Member[];
  readonly until: (condition: () => boolean, what: string) => Promise<void>;
  /** Waits until the fold has exactly these clients, by data, in any order. */
  readonly sees: (expected: readonly Partial<Member>[]) => Promise<void>;
  readonly close: () => void;
}

export async function watchPresence(channel: Channel, patience: number): Promise<PresenceWatcher> {
  const events: PresenceEvent[] = [];
  const wake = new Set<() => void>();
  let members: ReadonlyMap<string, Member> = new Map();
  const subscription = await channel.presence.subscribe((event) => {
    events.push(event);
    members = fold(members, event);
    for (const each of wake) each();
  });
  const until = (condition: () => boolean, what: string): Promise<void> =>
    waitUntil({ ready: condition, wake, patience, what });

  return {
    events,
    members: () => [...members.values()],
    until: async (condition, what) => {
      await until(condition, what);
      holds(events[0]?.kind === 'sync', `the first presence event is ${String(events[0]?.kind)}, not a sync`);
    },
    sees: async (expected) => {
      const outline = (list: readonly Partial<Member>[]): string[] =>
        list.map(({ clientId, data }) => canonical({ clientId, data })).sort();
      const wanted = canonical(outline(expected));
      await until(
        () => events.length > 0 && canonical(outline([...members.values()])) === wanted,
        'the presence events to agree with who is present',
      ).catch(() => same(outline([...members.values()]), outline(expected), 'who is present, by the events'));
      holds(events[0]?.kind === 'sync', `the first presence event is ${String(events[0]?.kind)}, not a sync`);
    },
    close: () => subscription.close(),
  };
}

function fold(members: ReadonlyMap<string, Member>, event: PresenceEvent): ReadonlyMap<string, Member> {
  switch (event.kind) {
    case 'sync':
      return new Map(event.members.map((member) => [member.memberId, member]));
    case 'enter':
    case 'update':
      return new Map(members).set(event.member.memberId, event.member);
    case 'leave':
      return new Map([...members].filter(([id]) => id !== event.member.memberId));
  }
}
