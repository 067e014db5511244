import { standingLength } from '@holdfast/codec';
import { readLog } from '@holdfast/conformance/codec';
import type { UIMessageChunk } from 'ai';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { cuts, split } from '../../../codec/test/arbitrary.ts';
import { uiMessageCodec } from '../../src/index.ts';
import { moves, toStream } from './chunk-stream.ts';
import { decode, encode } from './log.ts';
import { sdkFold } from './sdk-fold.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

const STEP: readonly UIMessageChunk[] = [{ type: 'start', messageId: 'm1' }, { type: 'start-step' }];

const LASTING: ReadonlySet<string> = new Set(['metadata', 'error', 'unknown']);
/** Streams of which most can be taken back: without what no reset undoes. */
const undoable = moves.map((made) => toStream(made.filter(({ doing }) => !LASTING.has(doing))).slice(0, -1));

test('I11 what is taken back within a step is gone, and the log goes on from there', async () => {
  let counted = 0;
  await fc.assert(
    fc.asyncProperty(undoable, undoable, fc.nat(300), cuts, async (chunks, more, by, at) => {
      const log = encode(chunks);
      const length = Math.max(0, log.length - by);
      const reading = readLog(uiMessageCodec);
      const first = split(log, at).flatMap((piece) => reading.push(piece));
      const back = reading.rewind(length);
      if (back === undefined) return;
      counted += 1;
      const kept = log.slice(0, standingLength(log, length));
      const encoder = uiMessageCodec.encoder(kept);
      encoder.settle('stopped');
      for (const chunk of more) encoder.write(chunk);
      // Calls whose result was taken back show as streaming until they are settled again.
      encoder.settle('over');
      const rest = encoder.take();
      const live = [...first, ...back, ...split(rest, at).flatMap((piece) => reading.push(piece))];
      const [seen, fresh] = [await sdkFold(live), await sdkFold(decode(kept + rest))];
      expect(seen).toEqual(fresh);
    }),
    { numRuns: 1500 },
  );
  expect(counted).toBeGreaterThan(500);
});

test('taking back nothing gives nothing, and across a step the message must be replayed', () => {
  const reading = readLog(uiMessageCodec);
  const log = encode([
    ...STEP,
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: 'one' },
    { type: 'text-end', id: '0' },
    { type: 'finish-step' },
  ]);
  const next = encode([{ type: 'start-step' }]);
  reading.push(log + next);
  expect(reading.rewind(log.length + next.length)).toEqual([]);
  expect(reading.rewind(log.length + next.length + 5)).toEqual([]);
  expect(reading.rewind(log.length - 3)).toBeUndefined();
});

test('what a reset would not undo is not taken back', () => {
  const step = encode([
    ...STEP,
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: 'one' },
  ]);
  const lasting: readonly UIMessageChunk[] = [
    { type: 'message-metadata', messageMetadata: { a: 1 } },
    { type: 'finish', messageMetadata: { a: 1 } },
    { type: 'error', errorText: 'it broke' },
    { type: 'start-step' },
  ];
  for (const chunk of lasting) {
    const encoder = uiMessageCodec.encoder(step);
    encoder.write(chunk);
    const reading = readLog(uiMessageCodec);
    reading.push(step + encoder.take());
    expect(reading.rewind(step.length - 1)).toBeUndefined();
  }
});

test('the chunks of a rewind reset the step and write it again', () => {
  const reading = readLog(uiMessageCodec);
  const log = encode([
    ...STEP,
    { type: 'text-start', id: 'part-0' },
    { type: 'text-delta', id: 'part-0', delta: 'one two' },
  ]);
  reading.push(log);
  expect(reading.rewind(log.length - 4)).toEqual([
    { type: 'reset-step' },
    { type: 'text-start', id: 'part-0' },
    { type: 'text-delta', id: 'part-0', delta: 'one' },
  ]);
  expect(reading.push(' three')).toEqual([{ type: 'text-delta', id: 'part-0', delta: ' three' }]);
});

test('a call whose result was taken back is not run again, and gets its result all the same', async () => {
  const call = encode([
    ...STEP,
    { type: 'tool-input-available', toolCallId: 'c1', toolName: 'pay', input: { sum: 7 }, title: 'Pay' },
  ]);
  const settled = `\u001e["result","c1",{"output":"paid"}]\n`;
  const reading = readLog(uiMessageCodec);
  const first = [...reading.push(call), ...reading.push(settled)];
  expect(first.map(({ type }) => type)).toContain('tool-input-available');
  const back = reading.rewind(call.length) ?? [];
  const again = reading.push(settled);
  expect([...back, ...again].map(({ type }) => type)).not.toContain('tool-input-available');
  const { message } = await sdkFold([...first, ...back, ...again]);
  expect(message).toEqual((await sdkFold(decode(call + settled))).message);
  expect(message?.parts[1]).toMatchObject({ state: 'output-available', input: { sum: 7 }, output: 'paid' });
});
