import type { JsonValue, Message, Serial, Version } from '@holdfast/channel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionRecord } from '../records.ts';
import { parseRecord } from './parse.ts';
import { RECORDS } from './table.ts';
import { writeRecord } from './write.ts';

/** A message as a channel would store a draft. */
function stored(id: string, record: SessionRecord): Message {
  const { name, data, headers = {} } = writeRecord(id, record);
  return { serial: '1' as Serial, version: '1' as Version, id, name, data, headers, timestamp: 0 };
}

const id = fc.string({ minLength: 1 });
const message = fc.record(
  {
    id,
    role: fc.constantFrom('user', 'assistant', 'system'),
    parts: fc.array(fc.record({ type: fc.constant('text'), text: fc.string(), state: fc.constant('done') })),
    metadata: fc.jsonValue(),
  },
  { requiredKeys: ['id', 'role', 'parts'] },
);

/** Each kind with its fields; all but the named ones may be absent. */
const FIELDS = {
  input: [
    {
      message,
      parent: fc.option(id),
      replaces: id,
      edits: id,
      to: id,
      delivery: fc.constantFrom('queue', 'steer', 'interrupt', 'parallel', 'reject'),
      parentRun: id,
      label: id,
      device: id,
    },
    ['message', 'parent'],
  ],
  regenerate: [{ input: id, to: id, device: id }, ['input']],
  output: [
    {
      run: id,
      after: id,
      attempt: fc.integer({ min: 1, max: 1_000_000 }),
      agent: id,
      format: id,
      horizon: id,
      floor: id,
      checkpoint: id,
      log: fc.string(),
    },
    ['run', 'attempt', 'agent', 'format', 'log'],
  ],
  cancel: [{ run: id, only: fc.boolean(), reason: fc.string() }, ['run']],
  answer: [
    {
      run: id,
      callId: id,
      answer: fc.oneof(
        fc.record({ type: fc.constant('approval'), approvalId: id, ok: fc.boolean() }),
        fc.record({ type: fc.constant('output'), output: fc.jsonValue() }),
        fc.record({ type: fc.constant('error'), error: fc.string() }),
      ),
      device: id,
    },
    ['run', 'callId', 'answer'],
  ],
  steer: [{ run: id, message }, ['run', 'message']],
  state: [
    {
      key: fc.string(),
      value: fc.jsonValue(),
      all: fc.dictionary(fc.string(), fc.jsonValue()),
      upTo: id,
    },
    ['key'],
  ],
  floor: [
    {
      act: fc.constantFrom('ask', 'take', 'release', 'hand'),
      to: id,
      as: fc.constantFrom('person', 'agent'),
      from: id,
      reason: fc.string(),
    },
    ['act'],
  ],
} as const;

type Kind = keyof typeof FIELDS;
const KINDS = Object.keys(FIELDS) as readonly Kind[];

function anyRecord(kind: Kind): fc.Arbitrary<SessionRecord> {
  const [fields, required] = FIELDS[kind];
  const model: Record<string, fc.Arbitrary<unknown>> = { ...fields };
  return fc
    .record(model, { requiredKeys: [...required] })
    .map((values) => ({ kind, ...values }) as unknown as SessionRecord);
}

describe.each(KINDS)('%s records', (kind) => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(id, anyRecord(kind), (name, record) => {
        expect(parseRecord(stored(name, record))).toEqual({ ok: true, record });
      }),
    );
  });

  test('the table has every field, and no other is read', () => {
    expect(Object.keys(RECORDS[kind])).toEqual(Object.keys(FIELDS[kind][0]));
    fc.assert(
      fc.property(anyRecord(kind), (record) => {
        const known = stored('x', record);
        const extra: Message =
          kind === 'output'
            ? { ...known, headers: { ...known.headers, extra: '1' } }
            : { ...known, data: { ...(known.data as object), extra: 1 } };
        expect(parseRecord(extra)).toEqual({ ok: true, record });
      }),
    );
  });

  test('a missing field is named', () => {
    fc.assert(
      fc.property(anyRecord(kind), fc.constantFrom(...FIELDS[kind][1]), (record, name) => {
        const { [name]: _, ...rest } = record as unknown as Record<string, unknown>;
        expect(() => writeRecord('x', rest as unknown as SessionRecord)).toThrow(
          new RegExp(`record: ${name} `),
        );
      }),
    );
  });
});

describe('reading', () => {
  test('never throws, whatever a message contains', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS, 'other'), fc.jsonValue(), (name, data) => {
        const { ok } = parseRecord({
          ...stored('x', { kind: 'cancel', run: 'r' as never }),
          name,
          data: data as JsonValue,
        });
        expect(typeof ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });

  const bad = (data: JsonValue, name = 'input') =>
    parseRecord({ ...stored('x', { kind: 'cancel', run: 'r' as never }), name, data });

  test('names the path of the first bad field', () => {
    const user = { id: 'm', role: 'user', parts: [{ type: 'text', text: 'hi' }] };
    const cases: readonly (readonly [JsonValue, string])[] = [
      [null, 'data must be an object'],
      [{ parent: null }, 'message must be an object'],
      [
        { message: { ...user, role: 'boss' }, parent: null },
        'message.role must be one of user, assistant, system',
      ],
      [
        { message: { ...user, parts: [{ type: 'text' }] }, parent: null },
        'message.parts[0].text must be a string',
      ],
      [{ message: { ...user, parts: ['x'] }, parent: null }, 'message.parts[0] must be an object'],
      [
        { message: { ...user, parts: [{ text: '' }] }, parent: null },
        'message.parts[0].type must be a non-empty string',
      ],
      [{ message: user, parent: 7 }, 'parent must be a non-empty string'],
    ];
    for (const [data, complaint] of cases) {
      expect(bad(data)).toEqual({ ok: false, reason: 'invalid', message: complaint });
    }
  });

  test('an attempt that is no number, a record that is deleted, a name of a later version', () => {
    const output = stored('x', {
      kind: 'output',
      run: 'r' as never,
      attempt: 1,
      agent: 'a',
      format: '1',
      log: '',
    });
    expect(parseRecord({ ...output, headers: { ...output.headers, attempt: '0' } })).toMatchObject({
      ok: false,
    });
    expect(parseRecord({ ...output, headers: { ...output.headers, attempt: 'x' } })).toMatchObject({
      message: 'attempt must be a whole number from 1',
    });
    expect(parseRecord({ ...output, deleted: true })).toEqual({ ok: false, reason: 'deleted' });
    expect(bad({}, 'poll')).toEqual({ ok: false, reason: 'unknown' });
    expect(bad({}, 'toString')).toEqual({ ok: false, reason: 'unknown' });
  });
});
