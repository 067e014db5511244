/** How many answers the model gives at a time: what is beyond waits for its turn. */
export interface Slots {
  /** Undefined where there is room; else resolves when there is. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void> | undefined;
  free(): void;
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let left = count;
  return {
    take(signal) {
      if (left > 0) {
        left -= 1;
        return undefined;
      }
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(go), 1);
          reject(signal.reason as Error);
        };
        const go = (): void => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        waiting.push(go);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    free() {
      const next = waiting.shift();
      if (next === undefined) left += 1;
      else next();
    },
  };
}
