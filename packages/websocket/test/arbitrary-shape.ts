import fc from 'fast-check';
import { CHANNEL_ERROR_CODES } from '@holdfast/channel';
import type { ScalarName } from '../src/wire/scalars.ts';
import type { Field, Fields, Shape, Tuple } from '../src/wire/shape.ts';

/** Any string of UTF-16 code units, unpaired surrogates and controls included. */
export const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});
const someText = fc.oneof(anyText, fc.string({ unit: 'grapheme' })).filter((text) => text !== '');
const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

const SCALARS: Readonly<Record<ScalarName, fc.Arbitrary<unknown>>> = {
  text: someText,
  string: anyText,
  count: fc.nat(),
  number: fc.integer(),
  flag: fc.boolean(),
  true: fc.constant(true),
  none: fc.constant(undefined),
  json,
  serial: someText,
  version: someText,
  position: anyText,
  cursor: someText,
  code: fc.constantFrom(...CHANNEL_ERROR_CODES),
  annotationType: fc.constantFrom('likes:flag.v1', 'cites:multiple.v1', 'n:total.v1'),
  summary: fc.dictionary(fc.string(), json),
};

/** Values that a shape lets through. */
export function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  if (typeof shape === 'string') return SCALARS[shape];
  if ('list' in shape) return fc.array(arbitraryOf(shape.list), { maxLength: 3 });
  if ('tuple' in shape) return arbitraryTuple(shape.tuple);
  if ('values' in shape) return fc.dictionary(fc.string(), arbitraryOf(shape.values), { maxKeys: 3 });
  if ('fields' in shape) return arbitraryFields(shape.fields);
  if ('oneOf' in shape) return fc.constantFrom(...shape.oneOf);
  return fc.oneof(
    ...Object.entries(shape.cases).map(([tag, fields]) =>
      arbitraryFields(fields).map((value) => ({ [shape.by]: tag, ...value })),
    ),
  );
}

/** Lists that a tuple lets through; optional elements may be missing at its end. */
export function arbitraryTuple(tuple: Tuple): fc.Arbitrary<unknown[]> {
  const required = tuple.filter((field) => !isOptional(field)).length;
  return fc
    .tuple(fc.integer({ min: required, max: tuple.length }), fc.tuple(...tuple.map(arbitraryField)))
    .map(([length, values]) => values.slice(0, length));
}

function arbitraryFields(fields: Fields): fc.Arbitrary<Record<string, unknown>> {
  const required = Object.keys(fields).filter((name) => !isOptional(fields[name] ?? 'json'));
  return fc.record(
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, arbitraryField(field)])),
    { requiredKeys: required, noNullPrototype: true },
  );
}

function arbitraryField(field: Field): fc.Arbitrary<unknown> {
  return typeof field === 'object' && 'optional' in field ? arbitraryOf(field.optional) : arbitraryOf(field);
}

function isOptional(field: Field): boolean {
  return typeof field === 'object' && 'optional' in field;
}
