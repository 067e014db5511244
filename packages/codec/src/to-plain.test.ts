import { expect, test } from 'vitest';
import { toPlain } from './to-plain.ts';

test('gives a copy, as JSON keeps it', () => {
  const value = { a: [1, { b: undefined }], at: new Date(0) };
  const plain = toPlain(value);
  expect(plain).toEqual({ a: [1, {}], at: '1970-01-01T00:00:00.000Z' });
  value.a.push(2);
  expect(plain).toMatchObject({ a: [1, {}] });
});

test('what JSON can not say becomes text or null, and nothing throws', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const bad = {
    toJSON() {
      throw new Error('no');
    },
  };
  expect([undefined, () => 1, 12n, cycle, bad].map(toPlain)).toEqual([
    null,
    null,
    '12',
    { self: null },
    null,
  ]);
});
