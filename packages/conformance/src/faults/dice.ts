import type { FaultOptions } from './options.ts';

/** The choices that a seed leads to, and the turns that it makes things wait. */
export interface Dice {
  /** Whether it happens this time. */
  readonly roll: (probability: number | undefined) => boolean;
  /** A whole number from 1 to `most`. */
  readonly upTo: (most: number) => number;
  /** Waits for as many turns. */
  readonly wait: (turns: number) => Promise<void>;
  /** Waits if `delay` says so. */
  readonly delay: () => Promise<void>;
}

export function createDice({ seed, delay, turn = nextTimer }: FaultOptions): Dice {
  const random = mulberry32(seed);
  const roll: Dice['roll'] = (probability = 0) => random() < probability;
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const wait = async (turns: number): Promise<void> => {
    for (let index = 0; index < turns; index += 1) await turn();
  };
  return {
    roll,
    upTo,
    wait,
    delay: async () => {
      if (roll(delay)) await wait(upTo(4));
    },
  };
}

function nextTimer(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Tommy Ettinger's Mulberry32: numbers from 0 up to 1. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
