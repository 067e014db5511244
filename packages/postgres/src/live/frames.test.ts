import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFrameReader, cutFrame } from './frames.ts';

const json = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }).map((text) => JSON.stringify(text)),
  fc.integer({ min: 7000, max: 40_000 }).map((length) => JSON.stringify('é\ud83d'.repeat(length / 2))),
);

it('frames of several senders come through whole, whatever lies between their pieces', () => {
  fc.assert(
    fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), fc.array(fc.nat()), (texts, choices) => {
      const queues = texts.map((text, sender) => [...cutFrame(`s${sender}`, 7, text)]);
      const reader = createFrameReader();
      const heard = new Map<string, unknown>();
      const turns = choices[Symbol.iterator]();
      for (let left = queues.filter(({ length }) => length > 0); left.length > 0;) {
        const payload = left[(turns.next().value ?? 0) % left.length]?.shift() ?? '';
        expect(Buffer.byteLength(payload)).toBeLessThan(8000);
        const frame = reader.read(payload);
        if (frame !== undefined) heard.set(frame.sender, JSON.parse(frame.text));
        left = queues.filter(({ length }) => length > 0);
      }
      expect([...heard.values()].length).toBe(texts.length);
      for (const [sender, text] of texts.entries()) expect(heard.get(`s${sender}`)).toEqual(JSON.parse(text));
    }),
  );
});

it('a frame of which a piece was lost is no frame, and the next one is', () => {
  const [first = '', second = '', third = ''] = cutFrame('s', 1, JSON.stringify('x'.repeat(20_000)));
  const reader = createFrameReader();
  expect([first, third].map((payload) => reader.read(payload))).toEqual([undefined, undefined]);
  expect(reader.read(second)).toBeUndefined();
  expect(reader.read(cutFrame('s', 2, '1')[0] ?? '')).toEqual({ sender: 's', text: '1' });
  expect(reader.read('what another application says')).toBeUndefined();
});
