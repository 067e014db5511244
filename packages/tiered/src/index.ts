import type { ChannelError } from '@holdfast/channel';
import type { ColdStore, Engine, HotEngine } from '@holdfast/channel/engine';
import { createJoining } from './joining.ts';
import { createMover } from './mover.ts';
import { moveSettled } from './moving.ts';
import { createReading } from './reading.ts';

export interface TieredEngineOptions {
  /** Where sessions live: what is written, followed and read most. It must keep what it has until that is moved. */
  readonly hot: HotEngine;
  /** Where messages lie that have settled. */
  readonly cold: ColdStore;
  /** A message has settled when nothing has happened to it for so long, in milliseconds. Default 15 minutes. */
  readonly settledMs?: number;
  /**
   * How often to look through all sessions for what was left behind, by a process that ended for example, in
   * milliseconds. Default 10 minutes.
   */
  readonly sweepMs?: number;
  /** Hears of moves that failed; they are tried again. */
  readonly onMoveError?: (error: ChannelError, channel: string | undefined) => void;
}

/** An engine, and what it does by itself in the background. */
export interface TieredEngine extends Engine {
  /**
   * Moves what has settled now. Resolves with the number of messages that were moved.
   *
   * @throws ChannelError what the two engines throw
   */
  settle(options?: {
    /** In this session only. Default: in all of them. */
    readonly channel?: string;
    /** Instead of `settledMs`; 0 for everything that nobody is just changing. */
    readonly idleMs?: number;
  }): Promise<number>;
}

/**
 * Two engines as one. Everything is committed to the hot one. Messages that have settled move to the cold store, from
 * any process and at any time; whoever writes to one of those brings it back. Readers see one log, in which no message is
 * missing or there twice, wherever it lies. A receipt means stored in the one or the other, as durably as that one says.
 *
 * Does no I/O until it is used. `close()` closes both. Its calls throw what the two engines throw; while the cold store
 * can't be reached, sessions that begin, and messages that are looked for below, are `unavailable`.
 *
 * @throws TypeError for options that make no sense
 */
export function createTieredEngine({
  hot,
  cold,
  settledMs = 15 * 60_000,
  sweepMs = 10 * 60_000,
  onMoveError = () => {},
}: TieredEngineOptions): TieredEngine {
  for (const [name, value, least] of [
    ['settledMs', settledMs, 0],
    ['sweepMs', sweepMs, 1],
  ] as const)
    if (!Number.isSafeInteger(value) || value < least)
      throw new TypeError(`createTieredEngine: ${name} must be a whole number from ${least}`);
  const tier = hot.tier({
    join: (channel) => joining.join(channel),
    recall: (channel, names) => cold.load(channel, names),
  });
  const joining = createJoining(tier, cold);
  const move = (channel: string, idleMs: number) => moveSettled({ tier, cold, joining }, channel, idleMs);
  const mover = createMover({
    move: (channel) => move(channel, settledMs),
    channels: () => tier.channels(),
    settledMs,
    sweepMs,
    onError: onMoveError,
  });

  return {
    features: hot.features,
    async commit(channel, publisher, operations) {
      const outcomes = await hot.commit(channel, publisher, operations);
      mover.note(channel);
      return outcomes;
    },
    ...createReading({ hot, tier, cold, joining }),
    signal: (channel, publisher, draft) => hot.signal(channel, publisher, draft),
    enter: (channel, member) => hot.enter(channel, member),
    leave: (channel, memberId) => hot.leave(channel, memberId),
    renew: (memberId) => hot.renew(memberId),
    members: (channel) => hot.members(channel),
    async settle({ channel, idleMs = settledMs } = {}) {
      if (channel !== undefined) return (await move(channel, idleMs)).moved;
      let moved = 0;
      for await (const each of tier.channels()) moved += (await move(each, idleMs)).moved;
      return moved;
    },
    async close() {
      await mover.close();
      await hot.close();
      await cold.close();
    },
  };
}
