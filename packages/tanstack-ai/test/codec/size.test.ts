import { expect, test } from 'vitest';
import { pieces } from './log.ts';
import type { Event } from './fold.ts';
import { call, finished, result, started, text } from './streams.ts';

const bytes = (of: string): number => Buffer.byteLength(of, 'utf8');
const SENTENCE =
  'Lisbon has two airports, of which one is used — Humberto Delgado; ümlaut and 😀 count too. ';
/** The end of a model's turn; what it cost is no framing. */
function turned(reason: string): Event {
  const { usage: _usage, ...event } = finished(reason);
  return event as Event;
}
const deltas = (of: string): string[] => of.match(/.{1,4}/gsu) ?? [];

test('I10 a plain answer of 20 kB costs at most 1.01 of its text', () => {
  const said = SENTENCE.repeat(Math.ceil(20_000 / bytes(SENTENCE)));
  const log = pieces([started, ...text('msg-1795261384664-wxy8owd', ...deltas(said)), turned('stop')]).join(
    '',
  );
  expect(bytes(log) / bytes(said)).toBeLessThan(1.01);
});

test('I10 a turn with tools costs at most 1.35 of its payload', () => {
  const inputs = [
    { city: 'Lisbon', unit: 'celsius', days: ['mon', 'tue', 'wed'] },
    { query: 'airports of Lisbon', limit: 5, filter: { language: 'en', since: 2024 } },
  ].map((input) => JSON.stringify(input));
  const outputs = [1, 2].map((n) =>
    JSON.stringify({
      hits: [1, 2, 3, 4, 5].map((at) => ({ title: `Airport ${n}.${at}`, snippet: SENTENCE })),
    }),
  );
  const words = SENTENCE.repeat(3);
  const stream = [
    started,
    ...text('msg-1795261384664-wxy8owd', 'Let me see.'),
    ...inputs.flatMap((input, n) => call(`call_9f8e7d6c5b4${n}`, 'search', ...deltas(input))),
    turned('tool_calls'),
    ...outputs.map((output, n) => result(`call_9f8e7d6c5b4${n}`, output)),
    ...text('msg-1795261384665-wxy8owe', ...deltas(words)),
    turned('stop'),
  ];
  const payload = bytes([...inputs, ...outputs, words].join(''));
  expect(bytes(pieces(stream).join('')) / payload).toBeLessThan(1.35);
});
