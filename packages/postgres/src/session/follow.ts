import { encodePosition, type Tail, type TailEvent, type Tails } from '@holdfast/channel/engine';
import { ChannelError } from '@holdfast/channel';
import type { Presence } from '../presence/presence.ts';
import type { Followed } from './followed.ts';
import type { Sessions } from './sessions.ts';

export interface FollowParts {
  readonly sessions: Sessions;
  readonly followed: Followed;
  readonly presence: Presence;
  readonly tails: Tails;
}

/** Follows a session from where it stands in the database. */
export async function follow(
  { sessions, followed, presence, tails }: FollowParts,
  channel: string,
  listener: (event: TailEvent) => void,
): Promise<Tail> {
  const first = !followed.has(channel);
  const release = followed.add(channel);
  try {
    const lane = sessions.of(channel);
    await Promise.all([lane.sync(), first ? presence.open(channel) : undefined]);
    const { head } = lane;
    if (head === undefined) throw new ChannelError('internal', 'A session was read and has no head.');
    // In one turn with reading the head: whatever happens from here on is told.
    const tail = tails.open(channel, encodePosition(head.epoch, head.tick), listener);
    return {
      head: tail.head,
      close() {
        tail.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
