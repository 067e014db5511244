import type { Channels } from '@holdfast/channel';
import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import fc from 'fast-check';
import { afterEach, beforeEach, vi } from 'vitest';

/** Something done on one of two devices. */
export interface Move<Act> {
  readonly tab: 0 | 1;
  readonly move: Act;
  /** What passes before, in milliseconds. */
  readonly after: number;
}

export function movesOf<Act>(act: fc.Arbitrary<Act>): fc.Arbitrary<readonly Move<Act>[]> {
  const move = fc.record({
    tab: fc.constantFrom(0 as const, 1 as const),
    move: act,
    after: fc.constantFrom(0, 0, 3, 10, 30, 100, 400),
  });
  return fc.array(move, { minLength: 1, maxLength: 14 });
}

const faults = fc.record({
  seed: fc.integer(),
  delay: fc.constantFrom(0, 0.2),
  duplicate: fc.constantFrom(0, 0.2),
  conflate: fc.constantFrom(0, 0.2),
  drop: fc.constantFrom(0, 0.1),
  cut: fc.constantFrom(0, 0.1),
  lose: fc.constantFrom(0, 0.2),
});

/** What is wrong with each device's connection. */
export const twoLines = fc.tuple(faults, faults);

/** A device's connection, which can be cut. */
export interface Line {
  /** Puts the line between. */
  readonly over: (channels: Channels) => Channels;
  cut(): void;
  heal(): void;
}

export function openLine(options: Parameters<typeof withFaults>[1]): Line {
  let network: FaultyChannels | undefined;
  let restore: (() => void) | undefined;
  return {
    over: (channels) => (network = withFaults(channels, options)),
    cut() {
      restore ??= network?.cut();
    },
    heal() {
      restore?.();
      restore = undefined;
    },
  };
}

/** Each test of the file has timers that pass only when it says so. */
export function useFakeTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Waits for something, while time passes. */
export async function passing<T>(promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = promise.finally(() => (isDone = true));
  while (!isDone) await vi.advanceTimersByTimeAsync(10);
  return done;
}

const { setTimeout: startTimer } = globalThis;

/** Lets time pass until nothing goes on any more, 40 seconds at the most. */
export async function settling(isAtRest: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !isAtRest(); turn += 1) {
    await vi.advanceTimersByTimeAsync(100);
    // Digests come from another thread, which knows of no timers.
    if (turn > 40) await new Promise((resolve) => startTimer(resolve, 5));
  }
}
