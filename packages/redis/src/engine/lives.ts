const MEMORY_MS = 1000;

/**
 * The lives of servers that this process knows to be current, see scripts/clock.ts. What is known is forgotten whenever
 * a connection turns, and every second, for a replica that took over without one.
 */
export interface Lives {
  readonly known: string;
  learn(life: string): void;
  forget(): void;
}

export function createLives(now: () => number): Lives {
  let known = new Set<string>();
  let since = 0;
  return {
    get known() {
      if (now() - since > MEMORY_MS) {
        known = new Set();
        since = now();
      }
      return [...known].join(' ');
    },
    learn: (life) => void known.add(life),
    forget: () => known.clear(),
  };
}
