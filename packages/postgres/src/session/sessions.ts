import type { TailEvent } from '@holdfast/channel/engine';
import type { Head } from '../storage/store.ts';
import { createHorizon } from './horizon.ts';
import { createHotMessages } from './hot-messages.ts';
import { SessionLane } from './session-lane.ts';
import { SessionState } from './session-state.ts';
import { createSessionWork, type SessionWorkOptions } from './session-work.ts';

export interface SessionsOptions extends Omit<SessionWorkOptions, 'channel' | 'horizon' | 'stored'> {
  readonly hotBytes: number;
  /** Must not throw. */
  readonly emit: (channel: string, event: TailEvent) => void;
  readonly stored: (channel: string, head: Head) => void;
  readonly isFollowed: (channel: string) => boolean;
}

/** The sessions that this process has to do with. */
export interface Sessions {
  of(channel: string): SessionLane;
  /** Tells those that are known where they stand in the database. */
  notice(heads: ReadonlyMap<string, Head>): void;
  /** Resolves when all that was asked for is done. */
  finish(): Promise<void>;
}

/** About how many sessions are remembered that nobody follows. */
const REMEMBERED = 2000;

export function createSessions({
  hotBytes,
  emit,
  stored,
  isFollowed,
  ...options
}: SessionsOptions): Sessions {
  const lanes = new Map<string, SessionLane>();
  const hot = createHotMessages(hotBytes);
  const horizon = createHorizon();

  const open = (channel: string): SessionLane => {
    const state = new SessionState(hot, horizon, (event) => emit(channel, event));
    const work = createSessionWork(state, {
      ...options,
      channel,
      horizon,
      stored: (head) => stored(channel, head),
    });
    return new SessionLane(work);
  };
  let limit = REMEMBERED;
  const forget = (): void => {
    if (lanes.size < limit) return;
    for (const [channel, lane] of lanes) if (lane.isIdle && !isFollowed(channel)) lanes.delete(channel);
    limit = lanes.size + REMEMBERED;
  };

  return {
    of(channel) {
      const known = lanes.get(channel);
      if (known !== undefined) return known;
      forget();
      const lane = open(channel);
      lanes.set(channel, lane);
      return lane;
    },
    notice(heads) {
      for (const [channel, head] of heads) if (isFollowed(channel)) lanes.get(channel)?.notice(head);
    },
    async finish() {
      await Promise.all([...lanes.values()].map((lane) => lane.finish()));
    },
  };
}
