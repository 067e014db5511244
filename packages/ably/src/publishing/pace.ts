/** Spaces what one connection sends, so that it stays under a number per second. */
export interface Pace {
  /** Resolves when `count` messages may go out, in the order of the calls. */
  take(count: number): Promise<void>;
}

/**
 * A second's worth may go out at once; then as much as becomes free. Whoever waits keeps the place, so that what can be
 * joined is joined meanwhile.
 */
export function createPace(perSecond: number, now: () => number = () => performance.now()): Pace {
  if (perSecond === Infinity) return { take: () => Promise.resolve() };
  const sent: number[] = [];
  let last = Promise.resolve();

  const wait = async (count: number): Promise<void> => {
    for (;;) {
      while (sent[0] !== undefined && sent[0] <= now() - SECOND_MS) sent.shift();
      const [oldest] = sent;
      if (oldest === undefined || sent.length + count <= perSecond) break;
      await new Promise((resolve) => setTimeout(resolve, oldest + SECOND_MS - now()));
    }
    for (let index = 0; index < count; index += 1) sent.push(now());
  };

  return {
    take(count) {
      last = last.then(() => wait(count));
      return last;
    },
  };
}

/** A little more than one, for what the way adds to it. */
const SECOND_MS = 1050;
