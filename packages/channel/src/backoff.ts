export interface BackoffOptions {
  /** The first wait, in milliseconds. Default 250. */
  readonly firstMs?: number;
  /** No wait is longer. Default 10,000. */
  readonly maxMs?: number;
}

/** Waits between tries: twice as long each time, with jitter, so that many clients don't come back at once. */
export interface Backoff {
  /** Waits for the next try, between half and the whole of its time; ends early by `wake`. */
  wait(): Promise<void>;
  readonly wake: () => void;
  /** The next wait is a short one again. */
  reset(): void;
}

export function createBackoff(
  random: () => number = Math.random,
  { firstMs = 250, maxMs = 10_000 }: BackoffOptions = {},
): Backoff {
  let delay = firstMs;
  let wake = (): void => {};
  return {
    wait() {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(delay, maxMs) * (0.5 + random() / 2));
        delay *= 2;
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    wake: () => wake(),
    reset() {
      delay = firstMs;
    },
  };
}
