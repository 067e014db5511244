import type { ContentMessage, Part, ToolPart } from '@holdfast/codec';
import { streamText, tool } from 'ai';
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { fromUIMessage, uiMessageCodec } from '../../src/index.ts';
import { moves, toStream } from './chunk-stream.ts';
import { encode, shown } from './log.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

const ask: ContentMessage = { id: 'u1', role: 'user', parts: [{ type: 'text', text: 'Pay Ada.' }] };
const again: ContentMessage = { id: 'u2', role: 'user', parts: [{ type: 'text', text: 'Well?' }] };
const answer = (...parts: readonly Part[]): ContentMessage => ({ id: 'm1', role: 'assistant', parts });
const call = (more: Partial<ToolPart>): ToolPart => ({
  type: 'tool',
  callId: 'c1',
  name: 'pay',
  state: 'proposed',
  input: { sum: 7 },
  ...more,
});

function results(prompt: Awaited<ReturnType<typeof uiMessageCodec.prompt>>): unknown[] {
  return prompt.flatMap(({ role, content }) => (role === 'tool' ? content : []));
}

const FINISH = {
  type: 'finish' as const,
  finishReason: { unified: 'stop' as const, raw: undefined },
  usage: {
    inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: 1, text: 1, reasoning: undefined },
  },
};

/** What the SDK says to a prompt: nothing, if it takes it. */
async function refusal(messages: Awaited<ReturnType<typeof uiMessageCodec.prompt>>): Promise<unknown> {
  let found: unknown;
  const result = streamText({
    model: new MockLanguageModelV4({
      doStream: () => Promise.resolve({ stream: simulateReadableStream({ chunks: [FINISH] }) }),
    }),
    tools: { pay: tool({ inputSchema: z.object({}).loose(), execute: () => 'paid' }) },
    messages,
    onError: ({ error }) => void (found = error),
  });
  await result.consumeStream({ onError: (error) => void (found ??= error) });
  return found;
}

test('questions and answers are said in order', async () => {
  const prompt = await uiMessageCodec.prompt([
    ask,
    answer({ type: 'text', text: 'Paid.', state: 'done' }),
    again,
  ]);
  expect(prompt).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Pay Ada.' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'Paid.' }] },
    { role: 'user', content: [{ type: 'text', text: 'Well?' }] },
  ]);
});

describe('a call that nothing will settle any more', () => {
  test.each<[string, ToolPart]>([
    ['proposed', call({})],
    ['asked', call({ state: 'asked', approval: { id: 'a1' } })],
    ['running', call({ state: 'running', output: 'half', preliminary: true })],
    [
      'streamed in part',
      { type: 'tool', callId: 'c1', name: 'pay', state: 'input', inputText: '{"sum":7,"to' },
    ],
    ['approved, but not in the last answer', call({ state: 'approved', approval: { id: 'a1', ok: true } })],
  ])('%s has an error that says so', async (_name, part) => {
    const prompt = await uiMessageCodec.prompt([ask, answer({ type: 'step' }, part), again]);
    expect(prompt[1]?.content[0]).toMatchObject({ type: 'tool-call', input: { sum: 7 } });
    expect(results(prompt)).toContainEqual(
      expect.objectContaining({
        type: 'tool-result',
        output: { type: 'error-text', value: expect.stringContaining('was stopped before') as string },
      }),
    );
    expect(await refusal(prompt)).toBeUndefined();
  });

  test('one that was refused says that', async () => {
    const denied = call({ state: 'denied', approval: { id: 'a1', ok: false, reason: 'too much' } });
    const prompt = await uiMessageCodec.prompt([ask, answer(denied), again]);
    expect(JSON.stringify(results(prompt))).toContain('too much');
    expect(await refusal(prompt)).toBeUndefined();
  });

  test('one of which nothing has come is still a call with an error', async () => {
    const part: ToolPart = { type: 'tool', callId: 'c1', name: 'pay', state: 'input' };
    const prompt = await uiMessageCodec.prompt([ask, answer(part)]);
    expect(prompt[1]).toMatchObject({ content: [{ type: 'tool-call', input: {} }] });
  });
});

test('what was decided in the last answer is left for the SDK to carry out', async () => {
  const approved = call({ state: 'approved', approval: { id: 'a1', ok: true } });
  const prompt = await uiMessageCodec.prompt([ask, answer(approved)]);
  expect(results(prompt)).toEqual([
    expect.objectContaining({ type: 'tool-approval-response', approved: true }),
  ]);
  expect(await refusal(prompt)).toBeUndefined();
});

test('a stopped answer stays, one of which nothing is there is left out', async () => {
  const stopped = answer({ type: 'step' }, { type: 'text', text: 'I was about', state: 'done' });
  expect(await uiMessageCodec.prompt([ask, stopped, again])).toHaveLength(3);
  const nothing = answer(
    { type: 'step' },
    { type: 'text', text: '', state: 'done' },
    { type: 'error', text: 'no' },
  );
  expect((await uiMessageCodec.prompt([ask, nothing, again])).map(({ role }) => role)).toEqual([
    'user',
    'user',
  ]);
});

test('no branch runs into a refusal of the SDK, whatever was stopped where', async () => {
  await fc.assert(
    fc.asyncProperty(moves, moves, fc.nat(40), async (first, last, at) => {
      const chunks = [toStream(first), toStream(last)].map((all) =>
        all
          .slice(0, 1 + (at % all.length))
          // Relative addresses are refused, whoever sends them.
          .filter(({ type }) => !type.endsWith('file')),
      );
      const [stopped, open] = chunks.map((all, index) => {
        const message = fromUIMessage({ ...shown(encode(all)), id: `m${index}` });
        // A call of another message has another id.
        const text = JSON.stringify(message).replaceAll(/"(a-)?c(\d+)"/gu, `"$1c${index}-$2"`);
        return JSON.parse(text) as ContentMessage;
      }) as [ContentMessage, ContentMessage];
      expect(await refusal(await uiMessageCodec.prompt([ask, stopped, again, open]))).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
