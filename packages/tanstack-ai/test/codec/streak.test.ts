import { createContentFold } from '@holdfast/codec';
import { expect, test } from 'vitest';
import { agUiCodec } from '../../src/index.ts';
import { createStreak } from '../../src/codec/streak.ts';
import { events, type Event } from './fold.ts';
import { finished, started, text } from './streams.ts';

const delta = (of: string, more: object = {}): object => ({
  type: 'TEXT_MESSAGE_CONTENT',
  messageId: 'm1',
  delta: of,
  ...more,
});

test('the reader hears of deltas in a row at once, when something else comes', () => {
  const streak = createStreak();
  expect(streak.goOn(delta('a'))).toBeUndefined();
  streak.begin({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'a' }, 7);
  expect([delta('b'), delta('c', { timestamp: 1, model: 'some' })].map((each) => streak.goOn(each))).toEqual([
    7, 7,
  ]);
  expect(streak.end()).toEqual({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'bc' });
  expect(streak.end()).toBeUndefined();
});

test.each([
  ['of another message', delta('b', { messageId: 'm2' })],
  ['of another type', delta('b', { type: 'REASONING_MESSAGE_CONTENT' })],
  ['with metadata', delta('b', { metadata: { a: 1 } })],
  ['with fields that nobody knows', delta('b', { later: true })],
  ['that ends amid a character', delta('b\ud83d')],
  ['that says nothing', delta('')],
  ['without text', delta('b', { delta: 7 })],
])('a delta %s is no more of the same', (_what, event) => {
  const streak = createStreak();
  streak.begin({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'a' }, 0);
  expect(streak.goOn(event)).toBeUndefined();
});

test('a delta costs no more because of the text before it', () => {
  const deltas = Array.from({ length: 100_000 }, (_, n) => `word ${n} `);
  const encoder = agUiCodec.encoder();
  const fold = createContentFold();
  for (const event of events([started, ...text('m1', ...deltas), finished()] as readonly Event[])) {
    encoder.write(event);
    fold.push(encoder.take());
  }
  expect(fold.content.parts.find(({ type }) => type === 'text')).toMatchObject({ text: deltas.join('') });
});
