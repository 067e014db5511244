import { expect, test } from 'vitest';
import { isSameList, keep } from './equal.ts';

test('what says the same keeps its identity', () => {
  const known = { a: [1] };
  expect(keep(known, { a: [1] })).toBe(known);
  expect(keep(known, { a: [2] })).toEqual({ a: [2] });
  expect(isSameList([known], [known])).toBe(true);
  expect(isSameList([known], [{ a: [1] }])).toBe(false);
});
