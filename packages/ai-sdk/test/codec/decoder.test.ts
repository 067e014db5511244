import { control } from '@holdfast/codec';
import { readLog } from '@holdfast/conformance/codec';
import type { UIMessageChunk } from 'ai';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { anyLog, cuts, split } from '../../../codec/test/arbitrary.ts';
import { contentLog } from '../../../codec/test/content-log.ts';
import { uiMessageCodec } from '../../src/index.ts';
import { moves, toStream } from './chunk-stream.ts';
import { decode, encode } from './log.ts';
import { sdkFold } from './sdk-fold.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

const SETTLING: ReadonlySet<string> = new Set([
  'tool-output-available',
  'tool-output-error',
  'tool-output-denied',
]);
const callId = (chunk: UIMessageChunk): string | undefined =>
  'toolCallId' in chunk ? chunk.toolCallId : undefined;

test('I13 no log makes a decoder throw, nor the reader of the SDK fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyLog, contentLog), cuts, async (log, at) => {
      const isOwn = (chunk: UIMessageChunk): boolean =>
        // Errors are shown; metadata that is no object is refused by the reader whoever sends it.
        chunk.type !== 'error' && !('messageMetadata' in chunk);
      const chunks = decode(...split(log, at));
      expect((await sdkFold(chunks.filter(isOwn))).errors).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

test('no push would make a client run a call that is settled in it', () => {
  fc.assert(
    fc.property(moves, cuts, (made, at) => {
      const reading = readLog(uiMessageCodec);
      for (const piece of split(encode(toStream(made)), at)) {
        const chunks = reading.push(piece);
        const settled = chunks.filter(({ type }) => SETTLING.has(type)).map(callId);
        const run = chunks.filter(({ type }) => type === 'tool-input-available').map(callId);
        expect(run.filter((id) => settled.includes(id))).toEqual([]);
      }
    }),
    { numRuns: 1000 },
  );
});

test('transient data is never stored: it travels as signals', () => {
  const encoder = uiMessageCodec.encoder();
  const note = { type: 'data-note', data: 1, transient: true } as const;
  encoder.write(note);
  expect(encoder.take()).toBe('');
  expect(encoder.takeSignals()).toEqual([note]);
  expect(encoder.takeSignals()).toEqual([]);
});

describe('what an agent writes itself', () => {
  const call = encode([
    { type: 'tool-input-available', toolCallId: 'c1', toolName: 'weather', input: {} },
    { type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c1' },
  ]);
  const after = (...frames: Parameters<typeof control>[0][]): readonly UIMessageChunk[] => {
    const reading = readLog(uiMessageCodec);
    reading.push(call);
    return reading.push(frames.map(control).join(''));
  };

  test('a message is its start', () => {
    expect(decode(control(['message', 'm1', { role: 'assistant' }]))).toEqual([
      { type: 'start', messageId: 'm1' },
    ]);
    // A later one would make the reader begin another message.
    expect(after(['message', 'm2'])).toEqual([]);
    expect(after(['message', 'm2', { meta: { a: 1 } }])).toEqual([
      { type: 'message-metadata', messageMetadata: { a: 1 } },
    ]);
  });

  test('what is nothing to a chat gives no chunk', () => {
    const nothing = after(
      ['continue', 's1', { length: 3 }],
      ['end', 'suspended'],
      ['assign', 'c1', { device: 'd1' }],
      ['state', {}],
      ['patch', []],
      ['later', 'x'],
    );
    expect(nothing).toEqual([]);
  });

  test('a verdict is the response and the result', () => {
    expect(after(['answer', 'a1', { record: 'r1', ok: true, reason: 'fine' }])).toEqual([
      { type: 'tool-approval-response', approvalId: 'a1', approved: true, reason: 'fine' },
    ]);
    expect(after(['result', 'c1', { record: 'r1', output: 1 }])).toEqual([
      { type: 'tool-output-available', toolCallId: 'c1', output: 1 },
    ]);
    expect(after(['result', 'c1', { record: 'r1', error: 'no' }])).toEqual([
      { type: 'tool-output-error', toolCallId: 'c1', errorText: 'no' },
    ]);
  });

  test('a steer that was delivered is a steering message', () => {
    expect(after(['put', 'steering', { id: 'u1', parts: [{ type: 'text', text: 'hurry' }] }])).toEqual([
      { type: 'steering-message', id: 'u1', parts: [{ type: 'text', text: 'hurry' }] },
    ]);
  });
});
