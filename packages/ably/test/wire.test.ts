import type { JsonValue } from '@holdfast/channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeDraft } from '../src/wire/message.ts';
import { decodeText, encodeText } from '../src/wire/text.ts';

const anyText = () =>
  fc.string({ unit: 'binary' }).map((text) => text + '\u0010\ud83d'.slice(0, text.length % 3));
const anyValue = fc.json().map((text): JsonValue => JSON.parse(text));
const stored = {
  serial: 's',
  version: { serial: 's' },
  id: 'i',
  timestamp: 1,
  action: 'message.create' as const,
};

describe('text', () => {
  it('comes out as it went in, and needs no unpaired surrogates on the way', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        const encoded = encodeText(text);
        expect(/\p{Surrogate}/u.test(encoded)).toBe(false);
        expect(decodeText(encoded)).toBe(text);
      }),
    );
  });

  it('may be cut anywhere: what is joined at Ably is what was joined here', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (pieces) => {
        expect(decodeText(pieces.map(encodeText).join(''))).toBe(pieces.join(''));
      }),
    );
  });
});

it('a draft comes out as it went in', () => {
  const draft = fc.record({
    id: anyText(),
    name: anyText(),
    data: fc.oneof(anyText(), anyValue),
    headers: fc.dictionary(fc.string(), anyText()),
  });
  fc.assert(
    fc.property(draft, (each) => {
      const wire = { ...stored, ...encodeDraft(each), annotations: { summary: {} } };
      const { id, name, data, headers } = decodeMessage(wire).message;
      expect(JSON.stringify([id, name, data, headers])).toBe(
        JSON.stringify([each.id, each.name, each.data, each.headers]),
      );
    }),
  );
});

it('what others publish is read as far as it can be, and never fails', () => {
  const bad = [
    { data: '{', extras: { holdfast: { json: true } } },
    { data: new ArrayBuffer(2), extras: { holdfast: 7 } },
    { data: 'text', extras: { holdfast: { headers: [1, ['a'], ['b', 'c']], id: 5 } } },
    { data: 'text', extras: { userClaim: '[' } },
  ];
  const read = bad.map((each) => decodeMessage({ ...stored, ...each, annotations: { summary: {} } }).message);
  expect(read).toMatchObject([
    { data: '{', headers: {} },
    { data: null, id: 'i' },
    { data: 'text', id: 'i', headers: { b: 'c' } },
    { claims: { userClaim: '[' } },
  ]);
});
