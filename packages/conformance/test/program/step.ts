import fc from 'fast-check';
import type { JsonValue } from '@holdfast/channel';

/** What a publisher does. Numbers pick one of what there is, modulo how many there are. */
export type Act =
  | { readonly act: 'create'; readonly by: number; readonly data: JsonValue }
  | { readonly act: 'append'; readonly by: number; readonly to: number; readonly text: string }
  | { readonly act: 'update'; readonly by: number; readonly to: number; readonly data: JsonValue }
  | { readonly act: 'delete'; readonly by: number; readonly to: number }
  | { readonly act: 'annotate'; readonly by: number; readonly to: number; readonly adds: boolean };

/** What happens beside. */
export type Event =
  | { readonly act: 'turns'; readonly count: number }
  | { readonly act: 'join'; readonly pageSize: number }
  | { readonly act: 'follow'; readonly pageSize: number }
  /** Comes with a position that proves nothing. */
  | { readonly act: 'stray'; readonly kind: 'garbage' | 'ahead' | 'another epoch' }
  | { readonly act: 'resume'; readonly reader: number; readonly at: number; readonly tells: boolean }
  | { readonly act: 'break' }
  | { readonly act: 'heal' };

export type Step = Act | Event;

const by = fc.nat(1);
const to = fc.nat(7);
const text = fc.string({
  unit: fc.constantFrom('a', 'é', '\u{1f600}', '\ud83d', '\u0000', '\u001e'),
  maxLength: 3,
});
const data = fc.oneof({ weight: 3, arbitrary: text }, fc.constantFrom<JsonValue>(0, null, { a: ['b'] }));

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('create' as const), by, data }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('append' as const), by, to, text }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('update' as const), by, to, data }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), by, to }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('annotate' as const), by, to, adds: fc.boolean() }) },
);

export const turns: fc.Arbitrary<Event> = fc.record({
  act: fc.constant('turns'),
  count: fc.integer({ min: 1, max: 3 }),
});

export const join: fc.Arbitrary<Event> = fc.record({
  act: fc.constant('join'),
  pageSize: fc.integer({ min: 1, max: 4 }),
});

export const follow: fc.Arbitrary<Event> = fc.record({
  act: fc.constant('follow'),
  pageSize: fc.integer({ min: 1, max: 4 }),
});

export const resume: fc.Arbitrary<Event> = fc.record({
  act: fc.constant('resume'),
  reader: fc.nat(3),
  at: fc.nat(10),
  tells: fc.boolean(),
});

export const stray: fc.Arbitrary<Event> = fc.record({
  act: fc.constant('stray'),
  kind: fc.constantFrom('garbage', 'ahead', 'another epoch'),
});

export const breaks: fc.Arbitrary<Event> = fc.constantFrom(
  { act: 'break' } as const,
  { act: 'heal' } as const,
);

/** A probability of a fault, often none. */
export const chance: fc.Arbitrary<number> = fc.constantFrom(0, 0, 0.1, 0.3, 0.6);

export const seed: fc.Arbitrary<number> = fc.nat();

export function program(step: fc.Arbitrary<Step>): fc.Arbitrary<readonly Step[]> {
  return fc.array(step, { minLength: 1, maxLength: 24 });
}
