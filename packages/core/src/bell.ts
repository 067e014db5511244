/** Lets one loop sleep until something has changed. A ring while nobody waits is kept for the next wait. */
export interface Bell {
  ring(): void;
  wait(): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      if (wake === undefined) {
        rung = true;
        return;
      }
      wake();
      wake = undefined;
    },
    wait() {
      if (!rung) return new Promise((resolve) => (wake = resolve));
      rung = false;
      return Promise.resolve();
    },
  };
}
