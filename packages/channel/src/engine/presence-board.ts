import type { Member, PresenceEvent } from '../presence.ts';

export interface PresenceBoardOptions {
  readonly leaseMs: number;
  readonly emit: (channel: string, event: PresenceEvent) => void;
}

/** Presence of one process: who is in which channel, each until its lease runs out. */
export interface PresenceBoard {
  /** Adds a member or updates its data, and renews its lease. */
  enter(channel: string, member: Member): void;
  leave(channel: string, memberId: string): void;
  /** Renews what a connection has entered anywhere. */
  renew(memberId: string): void;
  members(channel: string): readonly Member[];
  close(): void;
}

interface Seat {
  member: Member;
  lease: ReturnType<typeof setTimeout>;
}

export function createPresenceBoard({ leaseMs, emit }: PresenceBoardOptions): PresenceBoard {
  const channels = new Map<string, Map<string, Seat>>();

  const startLease = (channel: string, memberId: string): Seat['lease'] => {
    const lease = setTimeout(() => remove(channel, memberId, 'lost'), leaseMs);
    // Where timers are objects (Node), a lease keeps no process alive.
    if (typeof lease === 'object') lease.unref();
    return lease;
  };

  const remove = (channel: string, memberId: string, reason: 'left' | 'lost'): void => {
    const seats = channels.get(channel);
    const seat = seats?.get(memberId);
    if (seats === undefined || seat === undefined) return;
    clearTimeout(seat.lease);
    seats.delete(memberId);
    if (seats.size === 0) channels.delete(channel);
    emit(channel, { kind: 'leave', member: seat.member, reason });
  };

  return {
    enter(channel, member) {
      const seats = channels.get(channel) ?? new Map<string, Seat>();
      channels.set(channel, seats);
      const before = seats.get(member.memberId);
      if (before !== undefined) clearTimeout(before.lease);
      seats.set(member.memberId, { member, lease: startLease(channel, member.memberId) });
      emit(channel, { kind: before === undefined ? 'enter' : 'update', member });
    },
    leave: (channel, memberId) => remove(channel, memberId, 'left'),
    renew(memberId) {
      for (const [channel, seats] of channels) {
        const seat = seats.get(memberId);
        if (seat === undefined) continue;
        clearTimeout(seat.lease);
        seat.lease = startLease(channel, memberId);
      }
    },
    members: (channel) => [...(channels.get(channel)?.values() ?? [])].map(({ member }) => member),
    close() {
      for (const seats of channels.values()) for (const { lease } of seats.values()) clearTimeout(lease);
      channels.clear();
    },
  };
}
