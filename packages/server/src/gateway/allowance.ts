/** How much somebody may still do: an amount that grows with time, up to a burst. */
export interface Allowance {
  /**
   * Takes `amount` and says for how many milliseconds to wait before using it; undefined, and nothing is taken, where that
   * would be too long.
   */
  reserve(amount: number): number | undefined;
}

export interface AllowanceOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** In milliseconds. */
  readonly maxWaitMs: number;
  /** In milliseconds. */
  readonly now: () => number;
}

export function createAllowance({ perSecond, burst, maxWaitMs, now }: AllowanceOptions): Allowance {
  let left = burst;
  let at = now();
  return {
    reserve(amount) {
      const time = now();
      left = Math.min(burst, left + (Math.max(0, time - at) / 1000) * perSecond);
      at = time;
      const wait = Math.max(0, ((amount - left) / perSecond) * 1000);
      if (wait > maxWaitMs) return undefined;
      left -= amount;
      return wait;
    },
  };
}
