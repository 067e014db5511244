import { expect, test } from 'vitest';
import type { JsonValue } from './json.ts';
import { mergeMetadata } from './merge.ts';

test('objects merge at every depth, all else is replaced', () => {
  expect(mergeMetadata({ a: { b: 1, c: [1] }, d: 'x' }, { a: { c: [2], e: null } })).toEqual({
    a: { b: 1, c: [2], e: null },
    d: 'x',
  });
  expect(mergeMetadata({ a: { b: 1 } }, { a: 'x' })).toEqual({ a: 'x' });
  expect(mergeMetadata({ a: 'x' }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  expect(mergeMetadata('x', { a: 1 })).toEqual({ a: 1 });
});

test('null and nothing add nothing', () => {
  const base = { a: 1 };
  expect(mergeMetadata(base, null)).toBe(base);
  expect(mergeMetadata(base, undefined)).toBe(base);
  expect(mergeMetadata(undefined, base)).toBe(base);
});

test('keys that name a prototype are passed over', () => {
  const bad = JSON.parse('{"__proto__":{"a":1},"constructor":{"b":1},"c":1}') as JsonValue;
  const merged = mergeMetadata({}, bad);
  expect(Object.keys(merged as object)).toEqual(['c']);
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
});
