import type { Member } from '@holdfast/channel';
import { SCRIPTS } from '../scripts/scripts.ts';
import type { Caller } from './caller.ts';

/** Presence in Redis, and what connections of this process have entered. */
export interface Presence {
  enter(channel: string, member: Member): Promise<void>;
  leave(channel: string, memberId: string): Promise<void>;
  renew(memberId: string): Promise<void>;
  members(channel: string): Promise<readonly Member[]>;
}

export function createPresence(caller: Caller, leaseMs: number): Presence {
  /** By member, then by channel: what a renewal restores where a lease has run out all the same. */
  const entered = new Map<string, Map<string, Member>>();
  const lease = String(leaseMs);
  return {
    async enter(channel, member) {
      const { memberId } = member;
      const own = entered.get(memberId) ?? new Map<string, Member>();
      entered.set(memberId, own.set(channel, member));
      await caller.ask(SCRIPTS.enter, channel, [memberId, JSON.stringify(member), lease]);
    },
    async leave(channel, memberId) {
      const own = entered.get(memberId);
      own?.delete(channel);
      if (own?.size === 0) entered.delete(memberId);
      await caller.ask(SCRIPTS.leave, channel, [memberId]);
    },
    async renew(memberId) {
      const own = [...(entered.get(memberId) ?? [])];
      await Promise.all(
        own.map(([channel, member]) =>
          caller.ask(SCRIPTS.renew, channel, [memberId, JSON.stringify(member), lease]),
        ),
      );
    },
    members: async (channel) => (await caller.ask(SCRIPTS.members, channel, [])) as readonly Member[],
  };
}
