import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEqual } from './equal.ts';

test('plain values are equal where they say the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(isEqual(a, structuredClone(a))).toBe(true);
      expect(isEqual(a, b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
    }),
    { numRuns: 1000 },
  );
  expect(isEqual([], {})).toBe(false);
  expect(isEqual({ a: undefined }, {})).toBe(false);
  expect(isEqual({ toString: 1 }, { a: 1 })).toBe(false);
});

test('however deep they are', () => {
  const deep = (): unknown => {
    let value: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    return value;
  };
  expect(isEqual(deep(), deep())).toBe(true);
});

/** With fields in one order, and lists told from objects. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return ['list', ...value.map(sorted)];
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['object', ...fields.map(([key, each]) => [key, sorted(each)])];
}
