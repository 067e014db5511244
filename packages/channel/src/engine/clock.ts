import type { Position, Serial, Version } from '../ids.ts';

/** A tick is a safe integer: milliseconds since 1970 times 1024, plus a counter. Good until the year 2248. */
export const TICKS_PER_MS = 1024;
const WIDTH = 11;

/** Issues ticks that rise strictly, follow the wall clock, and never go back when it does. */
export interface HybridClock {
  next(): number;
  /** The last tick issued or observed. */
  readonly last: number;
  /** Makes every later tick higher than `tick`. */
  observe(tick: number): void;
}

export function createHybridClock(now: () => number, last = 0): HybridClock {
  let latest = last;
  return {
    next() {
      latest = Math.max(latest + 1, Math.floor(now()) * TICKS_PER_MS);
      return latest;
    },
    get last() {
      return latest;
    },
    observe(tick) {
      latest = Math.max(latest, tick);
    },
  };
}

/** Two digits each. `toString(36)` of a tick takes five times as long, and every append has several of them. */
const PAIRS: readonly string[] = Array.from({ length: 36 ** 2 }, (_, value) =>
  value.toString(36).padStart(2, '0'),
);

/** A tick as a version: 11 characters of base 36, so that versions compare as their ticks do. */
export function encodeVersion(tick: number): Version {
  let digits = '';
  let rest = tick;
  while (digits.length < WIDTH - 1) {
    const next = Math.floor(rest / PAIRS.length);
    digits = `${PAIRS[rest - next * PAIRS.length]}${digits}`;
    rest = next;
  }
  return `${rest}${digits}` as Version;
}

/** A create's version is its message's serial. */
export function encodeSerial(tick: number): Serial {
  return encodeVersion(tick) as string as Serial;
}

/** The tick of a version or serial; undefined for a string that is neither. */
export function decodeVersion(version: string): number | undefined {
  if (version.length !== WIDTH || !/^[0-9a-z]+$/.test(version)) return undefined;
  const tick = parseInt(version, 36);
  return Number.isSafeInteger(tick) ? tick : undefined;
}

/** The tick of a version or serial that an engine issued. @throws TypeError for any other string */
export function tickOf(version: string): number {
  const tick = decodeVersion(version);
  if (tick === undefined) throw new TypeError(`${JSON.stringify(version)} is no version.`);
  return tick;
}

/** `<epoch>.<version>`. Positions of different epochs have nothing to do with each other. */
export function encodePosition(epoch: string, tick: number): Position {
  return `${epoch}.${encodeVersion(tick)}` as Position;
}

export function decodePosition(
  position: string,
): { readonly epoch: string; readonly tick: number } | undefined {
  const dot = position.lastIndexOf('.');
  if (dot < 1) return undefined;
  const tick = decodeVersion(position.slice(dot + 1));
  return tick === undefined ? undefined : { epoch: position.slice(0, dot), tick };
}
