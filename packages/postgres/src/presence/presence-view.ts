import type { Member, PresenceEvent } from '@holdfast/channel';
import type { Seat } from './presence-table.ts';

export type Happening = Exclude<PresenceEvent, { kind: 'sync' }>;

/** Who is present in the channels that this process follows, as far as it was told. Tells what changes, once. */
export interface PresenceView {
  apply(channel: string, event: Happening): void;
  /** Compares with what the database says of these channels. */
  compare(channels: readonly string[], seats: readonly Seat[]): void;
  forget(channel: string): void;
}

interface Known {
  readonly member: Member;
  readonly json: string;
  /** Whether the last comparison didn't find it. */
  readonly missed: boolean;
}

export function createPresenceView(emit: (channel: string, event: Happening) => void): PresenceView {
  const channels = new Map<string, Map<string, Known>>();

  const put = (channel: string, member: Member): void => {
    const members = channels.get(channel) ?? new Map<string, Known>();
    channels.set(channel, members);
    const before = members.get(member.memberId);
    const json = JSON.stringify(member);
    members.set(member.memberId, { member, json, missed: false });
    if (before?.json === json) return;
    emit(channel, { kind: before === undefined ? 'enter' : 'update', member });
  };
  const remove = (channel: string, memberId: string, reason: 'left' | 'lost'): void => {
    const members = channels.get(channel);
    const known = members?.get(memberId);
    if (members === undefined || known === undefined) return;
    members.delete(memberId);
    if (members.size === 0) channels.delete(channel);
    emit(channel, { kind: 'leave', member: known.member, reason });
  };

  return {
    apply(channel, event) {
      if (event.kind === 'leave') remove(channel, event.member.memberId, event.reason);
      else put(channel, event.member);
    },
    compare(names, seats) {
      const found = new Set(seats.map(({ channel, member }) => `${member.memberId} ${channel}`));
      for (const { channel, member } of seats) put(channel, member);
      for (const channel of names)
        for (const [memberId, known] of channels.get(channel) ?? []) {
          if (found.has(`${memberId} ${channel}`)) continue;
          // The second time: what happened may be told in a moment, with its reason.
          if (known.missed) remove(channel, memberId, 'lost');
          else channels.get(channel)?.set(memberId, { ...known, missed: true });
        }
    },
    forget: (channel) => void channels.delete(channel),
  };
}
