const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;

/** Waits between tries: longer each time, with jitter, so that many clients don't come back at once. */
export interface Backoff {
  /** Waits for the next try; ends early by `wake`. */
  wait(): Promise<void>;
  wake(): void;
  /** The next wait is a short one again. */
  reset(): void;
}

export function createBackoff(random: () => number = Math.random): Backoff {
  let delay = FIRST_DELAY_MS;
  let wake = (): void => {};
  return {
    wait() {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, delay * (0.5 + random() / 2));
        delay = Math.min(delay * 2, MAX_DELAY_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    wake: () => wake(),
    reset() {
      delay = FIRST_DELAY_MS;
    },
  };
}
