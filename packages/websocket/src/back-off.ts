/** How long to wait before the next attempt, in milliseconds. The wait doubles with each failure and is jittered. */
export interface BackOff {
  /** Of the first wait. Default 250. */
  readonly firstMs?: number;
  /** No wait is longer. Default 10,000. */
  readonly maxMs?: number;
}

/** Between half and the whole of the doubled wait, so that many clients don't come back at once. */
export function delayAfter(
  failures: number,
  { firstMs = 250, maxMs = 10_000 }: BackOff,
  random: number,
): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30)) * (0.5 + random / 2);
}
