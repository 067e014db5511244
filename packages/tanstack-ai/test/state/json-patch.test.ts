import type { JsonValue } from '@holdfast/codec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPatch, toPointer } from '../../src/state/json-patch.ts';

// The first column is RFC 6902's own examples (appendix A), and what else can go wrong.
const CASES: readonly (readonly [
  what: string,
  before: JsonValue,
  patch: readonly unknown[],
  after: JsonValue | undefined,
])[] = [
  ['adds a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
  ['adds an element', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
  ['adds at the end', { a: [1] }, [{ op: 'add', path: '/a/-', value: [2] }], { a: [1, [2]] }],
  ['removes a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/b' }], { a: 1 }],
  ['removes an element', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
  ['replaces a value', { a: 1, b: 2 }, [{ op: 'replace', path: '/b', value: null }], { a: 1, b: null }],
  ['replaces everything', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
  [
    'moves a value',
    { a: { x: 1 }, b: {} },
    [{ op: 'move', from: '/a/x', path: '/b/y' }],
    { a: {}, b: { y: 1 } },
  ],
  ['moves an element', { a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
  ['moves a value to itself', { a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
  ['copies a value', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
  ['tests a value', { a: { b: [1] } }, [{ op: 'test', path: '/a', value: { b: [1] } }], { a: { b: [1] } }],
  ['reads escapes', { 'a/b~c': 1 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }], { 'a/b~c': 2 }],
  ['makes a test fail', { a: 1 }, [{ op: 'test', path: '/a', value: '1' }], undefined],
  ['knows no such place', { a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }], undefined],
  ['replaces nothing that is not there', {}, [{ op: 'replace', path: '/a', value: 1 }], undefined],
  ['removes nothing that is not there', {}, [{ op: 'remove', path: '/a' }], undefined],
  ['knows no index beyond the end', { a: [1] }, [{ op: 'add', path: '/a/2', value: 1 }], undefined],
  ['knows no index with a zero before it', { a: [1, 2] }, [{ op: 'remove', path: '/a/01' }], undefined],
  ['moves nothing into itself', { a: { b: {} } }, [{ op: 'move', from: '/a', path: '/a/b/c' }], undefined],
  [
    'takes effect as a whole',
    { a: 1 },
    [
      { op: 'remove', path: '/a' },
      { op: 'nonsense', path: '/b' },
    ],
    undefined,
  ],
  ['takes no step without its fields', { a: 1 }, [{ op: 'add', path: '/b' }], undefined],
  ['takes nothing that is no step', { a: 1 }, [null], undefined],
];

test.each(CASES)('a patch %s', (_what, before, patch, after) => {
  const kept = structuredClone(before);
  expect(applyPatch(before, patch)).toEqual(after);
  expect(before).toEqual(kept);
});

test('no patch makes it throw, and a key called __proto__ is a key like any other', () => {
  const path = fc.array(fc.constantFrom('a', '0', '-', '__proto__', 'length'), { maxLength: 3 });
  const pointer = path.map((keys) => keys.map(toPointer).join(''));
  const step = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
        path: pointer,
        from: pointer,
        value: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: ['op', 'path'] },
    ),
  );
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.array(step, { maxLength: 4 }), (value, patch) => {
      const before = JSON.parse(JSON.stringify(value)) as JsonValue;
      applyPatch(before, patch);
      expect(JSON.stringify(before)).toBe(JSON.stringify(value));
    }),
  );
  const patched = applyPatch({}, [{ op: 'add', path: '/__proto__', value: { x: 1 } }]);
  expect(Object.keys(patched as object)).toEqual(['__proto__']);
});
