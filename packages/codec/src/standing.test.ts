import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { anyLog } from '../test/arbitrary.ts';
import { control } from './control.ts';
import { createLogReader } from './log-reader.ts';
import { standingLength } from './standing.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

function standing(log: string, length: number): number {
  return standingLength(log, length) ?? -1;
}

const RUNS = { numRuns: 1500 };

test('P9 a standing length never exceeds the stated one and grows with it', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      let before = 0;
      for (let length = 0; length <= log.length; length += 1) {
        const now = standing(log, length);
        expect(now).toBeGreaterThanOrEqual(before);
        expect(now).toBeLessThanOrEqual(length);
        before = now;
      }
    }),
    RUNS,
  );
});

test('P9 a standing length stays the same while the data grows, and stands by itself', () => {
  fc.assert(
    fc.property(anyLog, anyLog, (log, more) => {
      for (let length = 0; length <= log.length; length += 1) {
        const now = standing(log, length);
        expect(standing(log + more, length)).toBe(now);
        expect(standing(log, now)).toBe(now);
        expect(standing(log.slice(0, now), now)).toBe(now);
      }
    }),
    RUNS,
  );
});

test('P9 what stands has neither half a control nor half a pair at its end', () => {
  fc.assert(
    fc.property(anyLog, fc.nat(400), (log, length) => {
      const kept = log.slice(0, standing(log, length % (log.length + 1)));
      // A control that follows directly is read as itself, and brings nothing else with it.
      const found: string[] = [];
      const reader = createLogReader({
        text: (_n, text) => found.push(text),
        control: ([verb]) => found.push(verb),
      });
      reader.push(kept);
      const before = found.length;
      reader.push(control(['probe', 0]));
      expect(found.slice(before)).toEqual(['probe']);
    }),
    RUNS,
  );
});

test('P9 a length beyond the data waits for the data', () => {
  expect(standingLength('abc', 4)).toBeUndefined();
  expect(standingLength('abc', 3)).toBe(3);
});

test('P9 a length inside a control or a pair counts back to its start', () => {
  const close = control(['close', 0]);
  const log = `a😀${close}\nb`;
  const lengths = Array.from({ length: log.length + 1 }, (_, length) => standingLength(log, length));
  const inside = Array.from({ length: close.length - 1 }, () => 3);
  expect(lengths).toEqual([0, 1, 1, 3, ...inside, 3 + close.length, 4 + close.length, 5 + close.length]);
});
