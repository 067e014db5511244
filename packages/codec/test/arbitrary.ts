import fc from 'fast-check';
import { control } from '../src/control.ts';

/** Text with what a frame log has to take care of: RS, LF, NUL, line separators, pairs and halves of surrogates. */
export const roughText: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(
    'a',
    'é',
    ' ',
    '"',
    '\n',
    '\u001e',
    '\u0000',
    '\u2028',
    '😀',
    '\ud83d',
    '\ude00',
    '[',
    '0',
  ),
  maxLength: 8,
});

export const jsonValue = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<
  string | number | boolean | null | readonly [] | { readonly [key: string]: never }
>;

const verb = fc.constantFrom('open', 'close', 'step', 'put', 'end', 'continue', 'message', 'call', 'later');
const subject = fc.oneof(
  fc.nat(4),
  fc.constantFrom('text', 'reset', 'complete', 'steering', 'c1'),
  jsonValue,
);
const fields = fc.record(
  { id: roughText, length: fc.nat(50), reason: roughText, ok: fc.boolean() },
  { requiredKeys: [] },
);

/** Pieces of a log: controls and text as a writer makes them, and what no writer makes. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(verb, subject, fields).map(control) },
  { weight: 3, arbitrary: fc.integer({ min: -1, max: 5 }).map(control) },
  { weight: 2, arbitrary: roughText.map(control) },
  { weight: 5, arbitrary: roughText },
  { weight: 1, arbitrary: fc.tuple(verb, subject).map((frame) => control(frame).slice(0, -2)) },
  { weight: 1, arbitrary: fc.string().map((json) => `\u001e${json}\n`) },
);

/** Any log at all, broken ones included. */
export const anyLog: fc.Arbitrary<string> = fc
  .array(piece, { maxLength: 14 })
  .map((pieces) => pieces.join(''));

/** Cuts `text` at the given places, counted modulo its length. */
export function split(text: string, cuts: readonly number[]): string[] {
  const at = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b);
  const pieces: string[] = [];
  let start = 0;
  for (const end of [...at, text.length]) {
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(400), { maxLength: 12 });
