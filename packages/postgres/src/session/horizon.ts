import type { Head } from '../storage/store.ts';

/**
 * Sees to it that this process issues no serial twice (P28), also when the database was taken back to a state from before
 * it had issued them: that makes a new epoch, and what was seen in the old one stays a bound.
 */
export interface Horizon {
  observe(head: Head): void;
  /** Every tick that is issued must be higher. */
  readonly floor: number;
}

export function createHorizon(): Horizon {
  let epoch: string | undefined;
  let highest = 0;
  let floor = 0;
  return {
    observe(head) {
      if (epoch !== undefined && head.epoch !== epoch) floor = highest;
      epoch = head.epoch;
      highest = Math.max(highest, head.tick);
    },
    get floor() {
      return floor;
    },
  };
}
