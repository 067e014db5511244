import { parsePartialJson as sdkParse } from 'ai';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { parsePartialJson } from '../../src/codec/partial-json.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

/** JSON texts as models write them; numbers without a signed exponent, of which the SDK reads only a part. */
const text = fc
  .tuple(
    fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.string({
          unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '😀', '\ud83d', ':', ',', '{', ']', ' '),
        }),
        fc.constantFrom(null, true, false, 0, -1, 12.5, -0.25, 1000),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'true', 'a b', '"', '\\', '{'), tie('json'), { maxKeys: 4 }),
      ),
    })).json,
    fc.constantFrom(0, 2, ' '),
  )
  .map(([value, indent]) => JSON.stringify(value, undefined, indent));

test('every beginning of a JSON text is read as the SDK reads it', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (json) => {
      for (let length = 0; length <= json.length; length += 1) {
        const beginning = json.slice(0, length);
        expect(parsePartialJson(beginning), beginning).toEqual((await sdkParse(beginning)).value);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['{"a":1}]', { a: 1 }],
  ['[1,2] and more', [1, 2]],
  ['hello', undefined],
  ['', undefined],
  ['  ', undefined],
  ['-', undefined],
  ['"\\u00e', ''],
  ['{"a":"\\', { a: '' }],
  ['[1.', [1]],
  ['{"a":tr', { a: true }],
  ['{"a":1,"b"', { a: 1 }],
  ['{"a":1,"b":', { a: 1 }],
])('%j is %j', async (json, value) => {
  expect(parsePartialJson(json)).toEqual(value);
  expect((await sdkParse(json)).value).toEqual(value);
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ntfu0-.e a') }), (json) => {
      parsePartialJson(json);
    }),
    { numRuns: 2000 },
  );
});
