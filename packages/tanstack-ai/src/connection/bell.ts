/** Lets loops sleep until something has happened. A ring while nobody waits is kept for the next wait. */
export interface Bell {
  ring(): void;
  /** Resolves with the next ring, or when the signal is aborted. */
  wait(signal: AbortSignal | undefined): Promise<void>;
}

export function createBell(): Bell {
  let isRung = false;
  let wake = (): void => {};
  return {
    ring() {
      isRung = true;
      wake();
    },
    async wait(signal) {
      if (!isRung && signal?.aborted !== true)
        await new Promise<void>((resolve) => {
          wake = () => {
            // A subscription waits often, and its signal lives as long as it does.
            signal?.removeEventListener('abort', wake);
            resolve();
          };
          signal?.addEventListener('abort', wake);
        });
      isRung = false;
    },
  };
}
