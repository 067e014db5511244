import fc from 'fast-check';
import { control } from '../src/control.ts';
import type { JsonObject } from '../src/json.ts';
import { jsonValue, roughText } from './arbitrary.ts';

const STREAMS = ['open', 'open', 'open', 'open', 'close', 'on', 'step'] as const;
const TOOLS = ['call', 'miscall', 'ask', 'answer', 'assign', 'result', 'result'] as const;
const OTHERS = [
  'thread',
  'put',
  'put',
  'meta',
  'message',
  'continue',
  'finish',
  'error',
  'abort',
  'end',
  'raw',
] as const;
const verb = fc.constantFrom(...STREAMS, ...TOOLS, ...OTHERS, 'state', 'later');

const KINDS = [
  'text',
  'reasoning',
  'input',
  'value',
  'source',
  'file',
  'data',
  'steering',
  'custom',
] as const;
const subject = fc.oneof(
  { weight: 3, arbitrary: fc.nat(4) },
  { weight: 5, arbitrary: fc.constantFrom(...KINDS) },
  { weight: 5, arbitrary: fc.constantFrom('start', 'reset', 'c1', 'c2', 'a1', 'complete', 'cancelled') },
  { weight: 2, arbitrary: jsonValue },
);

const value = fc.oneof(roughText, jsonValue, fc.record({ text: roughText, list: fc.array(roughText) }));
const fields = fc.record(
  {
    id: fc.constantFrom('c1', 'c2', 'a1', 'toString', 7),
    tool: fc.constantFrom('c1', 'c2'),
    name: fc.constantFrom('weather', '__proto__', 1),
    n: fc.nat(4),
    of: fc.constantFrom<unknown>('c1', 'c2', ['weather', 'c1']),
    at: fc.constantFrom<unknown>([], ['text'], ['list', 0], ['__proto__'], 'text', [null]),
    as: fc.constantFrom('text', 'json'),
    input: value,
    output: value,
    data: value,
    parts: value,
    x: fc.oneof(jsonValue, fc.constant({ here: { a: 1 } })),
    meta: jsonValue,
    pm: jsonValue,
    error: roughText,
    ok: fc.boolean(),
    dynamic: fc.boolean(),
    denied: fc.boolean(),
    preliminary: fc.boolean(),
    device: fc.constantFrom('d1', 2),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

/** Logs of every control, with whatever fields, mostly about parts and calls that are there. */
export const contentLog: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.tuple(verb, subject, fields).map(control) },
      { weight: 2, arbitrary: fc.nat(5).map(control) },
      { weight: 3, arbitrary: roughText },
      { weight: 1, arbitrary: fc.constantFrom('{"a":', '{}', '"b"') },
    ),
    { maxLength: 24 },
  )
  .map((pieces) => pieces.join(''));
