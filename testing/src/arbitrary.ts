import type { AnnotationDraft, Draft, JsonValue } from '@holdfast/channel';
import type { Publisher } from '@holdfast/channel/engine';
import fc from 'fast-check';

/** Text as models and attackers write it: empty, U+0000, the mark of our own encoding, halves of surrogate pairs. */
export const text: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    {
      weight: 3,
      arbitrary: fc
        .array(fc.constantFrom('\0', '\u0001', '\ud83d', '\ude00', '"', '\\', '\u001e', 'é', 'a'), {
          maxLength: 8,
        })
        .map((units) => units.join('')),
    },
    // Long enough that a few of them are folded into the body.
    {
      weight: 1,
      arbitrary: fc.tuple(fc.integer({ min: 500, max: 6000 }), fc.constantFrom('x', 'é\ud83d', '\0')),
    },
  )
  .map((value) => (typeof value === 'string' ? value : value[1].repeat(value[0])));

/** What JSON would carry: a negative zero comes out of it as zero. */
const json: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

export const data: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 1, arbitrary: json },
);

const headers = fc.dictionary(text, text, { maxKeys: 2 });

export const publisher: fc.Arbitrary<Publisher> = fc.constantFrom<Publisher>(
  { clientId: 'ada', connectionId: '1', claims: { role: 'agent', '\0': ['\ud83d'] } },
  { clientId: 'ada', connectionId: '2' },
  { clientId: 'b\0b', connectionId: '3' },
  { connectionId: '4' },
);

export const CHANNELS = ['one', 'two\ud83d\0'] as const;

const channel = fc.constantFrom(...CHANNELS);

/** One of the messages so far, or a serial that there never was. */
const target = fc.nat({ max: 5 });

const type = fc.constantFrom(
  'a:total.v1' as const,
  'a:flag.v1' as const,
  'b:distinct.v1' as const,
  'b:unique.v1' as const,
  'c:multiple.v1' as const,
);

const annotation: fc.Arbitrary<AnnotationDraft> = fc.record(
  {
    action: fc.constantFrom('add' as const, 'remove' as const),
    id: fc.constantFrom('x', 'y', 'z\0'),
    type,
    name: text,
    data: json,
  },
  { requiredKeys: ['action', 'id', 'type'] },
);

const draft = fc.record(
  { id: fc.constantFrom('a', 'b', 'c\0', '\ud83d', 'e'), name: text, data, headers },
  { requiredKeys: ['id', 'name', 'data'] },
);

/** An operation on one of the messages so far; at which offset an append comes is said by what its length was. */
export type Step =
  | { readonly action: 'create'; readonly draft: Draft }
  | { readonly action: 'seal'; readonly target: number; readonly id: string }
  | { readonly action: 'append'; readonly target: number; readonly data: string; readonly back: number }
  | {
      readonly action: 'update';
      readonly target: number;
      readonly draft: {
        readonly data: JsonValue;
        readonly name?: string;
        readonly headers?: Record<string, string>;
      };
    }
  | { readonly action: 'delete'; readonly target: number }
  | { readonly action: 'annotate'; readonly target: number; readonly annotation: AnnotationDraft };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ action: fc.constant('create' as const), draft }) },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constant('seal' as const),
      target,
      id: fc.constantFrom('s', 't'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      action: fc.constant('append' as const),
      target,
      data: text,
      back: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -3, max: 20 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constant('update' as const),
      target,
      draft: fc.record({ data, name: text, headers }, { requiredKeys: ['data'] }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('delete' as const), target }) },
  { weight: 3, arbitrary: fc.record({ action: fc.constant('annotate' as const), target, annotation }) },
);

export interface Call {
  readonly channel: string;
  readonly publisher: Publisher;
  readonly steps: readonly Step[];
}

export type Command =
  /** Calls that are made in one turn of the event loop. */
  | { readonly kind: 'commit'; readonly calls: readonly Call[] }
  | { readonly kind: 'clock'; readonly by: number }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'page'; readonly channel: string; readonly limit: number; readonly until: number }
  | { readonly kind: 'since'; readonly channel: string; readonly position: number };

const call: fc.Arbitrary<Call> = fc.record({
  channel,
  publisher,
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});

export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('commit' as const),
        calls: fc.array(call, { minLength: 1, maxLength: 5 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('clock' as const),
        by: fc.integer({ min: -5000, max: 5000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('page' as const),
        channel,
        limit: fc.integer({ min: 1, max: 4 }),
        until: fc.nat({ max: 40 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('since' as const),
        channel,
        position: fc.nat({ max: 40 }),
      }),
    },
  ),
  { minLength: 1, maxLength: 14 },
);
