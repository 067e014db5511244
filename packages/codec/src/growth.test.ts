import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyGrowth, findGrowth, toPath } from './growth.ts';
import type { JsonValue } from './json.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

/** A value with some of its strings grown. */
function grown(value: JsonValue, more: () => string): JsonValue {
  if (typeof value === 'string') return value + more();
  if (Array.isArray(value)) return value.map((item: JsonValue) => grown(item, more));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, grown(item, more)]));
}

test('I10 what grew out of a value is found and gives it back', () => {
  fc.assert(
    fc.property(json, fc.infiniteStream(fc.constantFrom('', '', 'a', '\ud83d')), (before, more) => {
      const after = grown(before, () => more.next().value);
      const found = findGrowth(before, after);
      expect(found).toBeDefined();
      expect(found?.every(({ text }) => text !== '')).toBe(true);
      const again = (found ?? []).reduce((value, { at, text }) => applyGrowth(value, at, text), before);
      expect(again).toEqual(after);
    }),
    { numRuns: 2000 },
  );
});

test('what is found between any two values leads from one to the other', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const found = findGrowth(before, after);
      if (found === undefined) return;
      expect(found.reduce((value, { at, text }) => applyGrowth(value, at, text), before)).toEqual(after);
    }),
    { numRuns: 2000 },
  );
});

test('a change of anything but the ends of strings is no growth', () => {
  expect(findGrowth({ a: 'x' }, { a: 'x', b: 1 })).toBeUndefined();
  expect(findGrowth({ a: 'x', b: 1 }, { a: 'x' })).toBeUndefined();
  expect(findGrowth(['x'], ['x', 'y'])).toBeUndefined();
  expect(findGrowth(['x'], { 0: 'x' })).toBeUndefined();
  expect(findGrowth('ab', 'b')).toBeUndefined();
  expect(findGrowth(1, 2)).toBeUndefined();
  expect(findGrowth({ a: undefined }, { b: undefined })).toBeUndefined();
});

test('only the path is copied, and what has no string at the path stays itself', () => {
  const value = { text: 'a', list: [{ text: 'b' }, { text: 'c' }] };
  const after = applyGrowth(value, ['list', 1, 'text'], 'd');
  expect(after).toEqual({ text: 'a', list: [{ text: 'b' }, { text: 'cd' }] });
  expect(after.list[0]).toBe(value.list[0]);
  for (const at of [[], ['list'], ['list', 2], ['none', 'text'], ['toString'], ['text', 0]]) {
    expect(applyGrowth(value, at, 'x')).toBe(value);
  }
});

test('a key that names a prototype is a key like any other', () => {
  const value = JSON.parse('{"__proto__":{"text":"a"}}') as JsonValue;
  expect(JSON.stringify(applyGrowth(value, ['__proto__', 'text'], 'b'))).toBe('{"__proto__":{"text":"ab"}}');
  expect(applyGrowth({}, ['__proto__', 'constructor', 'name'], 'b')).toEqual({});
});

test('a path is a list of keys and indices', () => {
  expect(toPath(['a', 0])).toEqual(['a', 0]);
  expect(toPath([])).toEqual([]);
  for (const path of ['a', null, undefined, [null], [['a']], {}]) expect(toPath(path)).toBeUndefined();
});
