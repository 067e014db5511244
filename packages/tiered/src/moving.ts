import type { ColdStore, Copy, HotTier } from '@holdfast/channel/engine';
import type { Joining } from './joining.ts';

/** Messages that are moved at once. */
const BATCH = 100;

export interface MovingParts {
  readonly tier: HotTier;
  readonly cold: ColdStore;
  readonly joining: Joining;
}

export interface Moved {
  readonly moved: number;
  /** When the oldest change was made that was left, in milliseconds since 1970; undefined where nothing was left. */
  readonly next: number | undefined;
}

/**
 * Moves what has settled of a session: copies it, has the copy read back, then has it dropped where it is still the same.
 * Any number of processes may do so at once, and each may stop after any step: a message is in one of the two, or in
 * both in one state, or the hot one has it in a later state.
 */
export async function moveSettled(
  { tier, cold, joining }: MovingParts,
  channel: string,
  idleMs: number,
): Promise<Moved> {
  let moved = 0;
  for (;;) {
    const settled = await tier.settled(channel, { idleMs, limit: BATCH });
    if (settled === undefined) {
      const { kind } = await tier.standing(channel);
      if (kind === 'absent') return { moved, next: undefined };
      await joining.join(channel);
      continue;
    }
    const { fence, entries, next } = settled;
    if (entries.length === 0) return { moved, next };
    const kept = await cold.put(channel, fence, entries);
    if (kept === undefined) {
      await joining.renew(channel);
      continue;
    }
    const copies = entries.map(({ stored: { message, changed } }) => ({ serial: message.serial, changed }));
    const dropped = await tier.drop(channel, copies.filter(isIn(kept)));
    moved += dropped;
    // Something was changed meanwhile, and is as young as that.
    if (dropped < entries.length) return { moved, next: next ?? Date.now() };
  }
}

/** Whether a copy is among those, in the same state or a later one. */
function isIn(kept: readonly Copy[]): (copy: Copy) => boolean {
  const states = new Map(kept.map(({ serial, changed }) => [serial, changed]));
  return ({ serial, changed }) => (states.get(serial) ?? '') >= changed;
}
