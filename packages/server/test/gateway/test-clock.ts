import type { Clock } from '../../src/index.ts';

/** A clock that stands still until time is let pass. */
export interface TestClock extends Clock {
  pass(ms: number): void;
}

export function createTestClock(start = 1_700_000_000_000): TestClock {
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  let now = start;
  let next = 0;
  return {
    now: () => now,
    after(ms, callback) {
      next += 1;
      const id = next;
      timers.set(id, { at: now + ms, callback });
      return () => void timers.delete(id);
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers]
          .filter(([, { at }]) => at <= end)
          .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (due === undefined) break;
        const [id, { at, callback }] = due;
        timers.delete(id);
        now = at;
        callback();
      }
      now = end;
    },
  };
}
