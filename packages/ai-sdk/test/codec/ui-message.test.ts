import type { ContentMessage } from '@holdfast/codec';
import type { UIMessage } from 'ai';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { fromUIMessage, toUIMessage } from '../../src/index.ts';
import { moves, toStream } from './chunk-stream.ts';
import { encode, shown } from './log.ts';
import { sdkFold, VERSIONS } from './sdk-fold.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

/** As a channel keeps it. */
function stored<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

describe.each(VERSIONS)('%s', (version) => {
  test('I12 any assistant message comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(moves, fc.nat(40), async (made, at) => {
        const chunks = toStream(made, version);
        const { message } = await sdkFold(chunks.slice(0, 1 + (at % chunks.length)), version);
        if (message === undefined) return;
        const plain = stored(message);
        expect(toUIMessage(stored(fromUIMessage(plain)))).toEqual(plain);
      }),
      { numRuns: 1000 },
    );
  });
});

test('I12 a user message comes back as it was, whatever its parts have', () => {
  const messages: readonly UIMessage[] = [
    { id: 'u1', role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
    {
      id: 'u2',
      role: 'user',
      metadata: { sentAt: 1 },
      parts: [
        { type: 'text', text: 'See', state: 'done', providerMetadata: { a: { b: 1 } } },
        {
          type: 'file',
          url: 'https://example.com/a.png',
          mediaType: 'image/png',
          filename: 'a.png',
          providerReference: { openai: 'file-1' },
        },
        { type: 'data-quote', id: 'q', data: { line: 3 } },
        { type: 'future-part', any: { thing: 1 } } as never,
      ],
    },
    { id: 's1', role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
  ];
  for (const message of messages) expect(toUIMessage(fromUIMessage(message))).toEqual(message);
});

test('I12 calls that an application kept come back as they were', () => {
  const parts = [
    { state: 'input-streaming', input: { a: 1 } },
    { state: 'input-streaming', input: {}, rawInput: '{"a', inputEncoding: 'json' },
    { state: 'output-available', input: {}, output: 1, preliminary: false, rawInput: 'odd' },
    { state: 'output-error', input: undefined, rawInput: { not: 'text' }, errorText: 'no' },
    { state: 'output-error', rawInput: 'text', errorText: 'no' },
    { state: 'output-denied', input: {}, approval: { id: 'a', approved: false, later: 1 } },
    { state: 'approval-responded', input: {}, approval: { id: 'a', approved: true, isAutomatic: false } },
    { state: 'future-state', input: {} },
  ];
  for (const part of parts) {
    for (const kind of [{ type: 'tool-pay' }, { type: 'dynamic-tool', toolName: 'pay', dynamic: false }]) {
      const message = { id: 'm', role: 'assistant', parts: [{ ...kind, toolCallId: 'c', ...part }] };
      const back = toUIMessage(fromUIMessage(message as unknown as UIMessage));
      expect(back).toEqual(stored(message));
    }
  }
});

test('errors and unknown chunks show nothing', () => {
  const log = encode([
    { type: 'error', errorText: 'it broke' },
    { type: 'future-chunk' } as never,
    { type: 'text-start', id: '0' },
  ]);
  expect(shown(log).parts).toEqual([{ type: 'text', text: '', state: 'streaming' }]);
});

test('I18 a part that is the same object gives the same object', () => {
  const message: ContentMessage = { id: 'm', role: 'assistant', parts: [{ type: 'text', text: 'a' }] };
  const [part] = toUIMessage(message).parts;
  expect(toUIMessage({ ...message, id: 'n' }).parts[0]).toBe(part);
});
