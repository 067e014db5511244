import type { Member } from '@holdfast/channel';
import type { Link } from '../live/link.ts';
import type { PresenceTable, Seat } from './presence-table.ts';
import type { Happening, PresenceView } from './presence-view.ts';

export interface PresenceOptions {
  readonly table: PresenceTable;
  readonly view: PresenceView;
  readonly link: Pick<Link, 'send'>;
  readonly leaseMs: number;
  readonly followed: () => readonly string[];
  readonly isFollowed: (channel: string) => boolean;
}

/** Presence over all processes: changes are told at once, and the table is compared all the time. */
export interface Presence {
  enter(channel: string, member: Member): Promise<void>;
  leave(channel: string, memberId: string): Promise<void>;
  renew(memberId: string): Promise<void>;
  /** Begins to tell what happens in a channel. */
  open(channel: string): Promise<void>;
  /** What another process tells. */
  hear(channel: string, event: Happening): void;
  close(): void;
}

export function createPresence({
  table,
  view,
  link,
  leaseMs,
  followed,
  isFollowed,
}: PresenceOptions): Presence {
  /** What members have entered through this process, by member and channel, and when they were last alive. */
  const entered = new Map<string, { readonly seats: Map<string, Member>; alive: number }>();

  const hear = (channel: string, event: Happening): void => {
    if (event.kind === 'leave' && event.reason === 'left') forget(channel, event.member.memberId);
    if (isFollowed(channel)) view.apply(channel, event);
  };
  const tell = (channel: string, event: Happening): void => {
    hear(channel, event);
    // Who doesn't hear of it finds it in the table.
    link.send({ kind: 'presence', channel, event }).catch(() => {});
  };
  const forget = (channel: string, memberId: string): void => {
    const mine = entered.get(memberId);
    if (mine?.seats.delete(channel) === true && mine.seats.size === 0) entered.delete(memberId);
  };
  const put = async (seats: readonly Seat[]): Promise<void> => {
    const inserted = new Set((await table.put(seats)).map(({ channel }) => channel));
    for (const { channel, member } of seats)
      tell(channel, { kind: inserted.has(channel) ? 'enter' : 'update', member });
  };

  const look = async (): Promise<void> => {
    const dead = performance.now() - leaseMs;
    for (const [memberId, { alive }] of entered) if (alive < dead) entered.delete(memberId);
    const channels = followed();
    if (channels.length === 0 && entered.size === 0) return;
    for (const { channel, member } of await table.sweep())
      tell(channel, { kind: 'leave', member, reason: 'lost' });
    if (channels.length > 0) view.compare(channels, await table.read(channels));
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch(() => {})
      .finally(() => (looking = false));
  }, leaseMs / 8);
  timer.unref();

  return {
    hear,
    async enter(channel, member) {
      await put([{ channel, member }]);
      const mine = entered.get(member.memberId) ?? { seats: new Map<string, Member>(), alive: 0 };
      entered.set(member.memberId, mine);
      mine.seats.set(channel, member);
      mine.alive = performance.now();
    },
    async leave(channel, memberId) {
      forget(channel, memberId);
      const member = await table.remove(channel, memberId);
      if (member !== undefined) tell(channel, { kind: 'leave', member, reason: 'left' });
    },
    async renew(memberId) {
      const mine = entered.get(memberId);
      if (mine !== undefined) mine.alive = performance.now();
      const there = new Set(await table.renew(memberId));
      const gone = [...(mine?.seats ?? [])].filter(([channel]) => !there.has(channel));
      // A lease that ran out while Postgres was away, or a table that a crash of it has emptied.
      if (gone.length > 0) await put(gone.map(([channel, member]) => ({ channel, member })));
    },
    open: async (channel) => view.compare([channel], await table.read([channel])),
    close: () => clearInterval(timer),
  };
}
