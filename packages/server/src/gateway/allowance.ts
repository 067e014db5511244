/** How much somebody may still do: an amount that grows with time, up to a burst. */
export interface Allowance {
  /**
   * Takes `amount` and says for how many milliseconds to wait before using it; undefined, and nothing is taken, where that
   * would be too long.
   */
  reserve(amount: number): number | undefined;
  /** Whether it is as it was in the beginning. */
  readonly isFull: boolean;
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
  // Arithmetic with infinity has no answer for this.
  if (perSecond === Infinity) return { reserve: () => 0, isFull: true };
  let left = burst;
  let at = now();
  const grow = (): void => {
    const time = now();
    left = Math.min(burst, left + (Math.max(0, time - at) / 1000) * perSecond);
    at = time;
  };
  return {
    reserve(amount) {
      grow();
      const wait = Math.max(0, ((amount - left) / perSecond) * 1000);
      if (wait > maxWaitMs) return undefined;
      left -= amount;
      return wait;
    },
    get isFull() {
      grow();
      return left >= burst;
    },
  };
}
