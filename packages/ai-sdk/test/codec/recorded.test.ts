import { streamText, tool, isStepCount, toUIMessageStream, type ToolSet, type UIMessageChunk } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decode, encode, pieces, shown } from './log.ts';
import { sdkFold, VERSIONS } from './sdk-fold.ts';

type Stream = Awaited<ReturnType<MockLanguageModelV4['doStream']>>['stream'];
type ModelPart = Stream extends ReadableStream<infer Of> ? Of : never;

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
};
const finish = (unified: 'stop' | 'tool-calls'): ModelPart => ({
  type: 'finish',
  finishReason: { unified, raw: undefined },
  usage,
});
const say = (id: string, ...deltas: readonly string[]): readonly ModelPart[] => [
  { type: 'text-start', id },
  ...deltas.map((delta) => ({ type: 'text-delta' as const, id, delta })),
  { type: 'text-end', id },
];
const call = (id: string, toolName: string, input: string): readonly ModelPart[] => [
  { type: 'tool-input-start', id, toolName },
  ...input.split(/(?<=,)/u).map((delta) => ({ type: 'tool-input-delta' as const, id, delta })),
  { type: 'tool-input-end', id },
  { type: 'tool-call', toolCallId: id, toolName, input },
];

/** A model that says, call by call, what it is told. */
function model(...calls: readonly (readonly ModelPart[])[]): MockLanguageModelV4 {
  let at = 0;
  return new MockLanguageModelV4({
    doStream: () => {
      const parts = calls[at] ?? [];
      at += 1;
      return Promise.resolve({
        stream: new ReadableStream<ModelPart>({
          start(controller) {
            for (const part of parts) controller.enqueue(part);
            controller.close();
          },
        }),
      });
    },
  });
}

const TOOLS = {
  weather: tool({
    inputSchema: z.object({ city: z.string() }),
    async *execute({ city }) {
      yield { city, log: 'asking' };
      yield { city, log: 'asking the office' };
      await Promise.resolve();
      yield { city, log: 'asking the office: sunny' };
    },
  }),
  fail: tool({
    inputSchema: z.object({}),
    execute: (): string => {
      throw new Error('no such city');
    },
  }),
  pay: tool({ inputSchema: z.object({ sum: z.number() }), needsApproval: true, execute: () => 'paid' }),
  here: tool({ inputSchema: z.object({}) }),
} as unknown as ToolSet;

async function record(
  { doStream }: MockLanguageModelV4,
  options: { readonly abortSignal?: AbortSignal; readonly onChunk?: (chunk: UIMessageChunk) => void } = {},
): Promise<UIMessageChunk[]> {
  const result = streamText({
    model: new MockLanguageModelV4({ doStream }),
    tools: TOOLS,
    prompt: 'go',
    stopWhen: isStepCount(4),
    onError() {},
    ...(options.abortSignal && { abortSignal: options.abortSignal }),
  });
  const chunks: UIMessageChunk[] = [];
  const stream = toUIMessageStream({
    stream: result.stream,
    tools: TOOLS,
    sendSources: true,
    generateMessageId: () => 'm1',
    messageMetadata: ({ part }) =>
      part.type === 'finish' ? { tokens: part.totalUsage.totalTokens } : undefined,
  });
  for await (const chunk of stream) {
    chunks.push(chunk);
    options.onChunk?.(chunk);
  }
  return chunks;
}

const RECORDINGS: Readonly<Record<string, () => Promise<UIMessageChunk[]>>> = {
  'plain text': () => record(model([...say('0', 'Lisbon ', 'has two ', 'airports.'), finish('stop')])),
  'reasoning beside text': () =>
    record(
      model([
        { type: 'reasoning-start', id: '0' },
        { type: 'text-start', id: '0' },
        { type: 'reasoning-delta', id: '0', delta: 'Think' },
        { type: 'text-delta', id: '0', delta: 'Well' },
        { type: 'reasoning-delta', id: '0', delta: 'ing.' },
        { type: 'reasoning-end', id: '0', providerMetadata: { a: { signature: 's' } } },
        { type: 'text-delta', id: '0', delta: ', yes.' },
        { type: 'text-end', id: '0' },
        finish('stop'),
      ]),
    ),
  'parallel tools, with preliminary outputs': () =>
    record(
      model(
        [
          ...say('0', 'Let me see.'),
          ...call('c1', 'weather', '{"city":"Lima"}'),
          ...call('c2', 'weather', '{"city":"Faro"}'),
          finish('tool-calls'),
        ],
        [...say('0', 'Sunny ', 'in both.'), finish('stop')],
      ),
    ),
  'a tool that fails, and one with an invalid input': () =>
    record(
      model(
        [
          ...call('c1', 'fail', '{}'),
          ...call('c2', 'weather', '{"town":1}'),
          ...call('c3', 'none', '{}'),
          finish('tool-calls'),
        ],
        [...say('0', 'That went wrong.'), finish('stop')],
      ),
    ),
  'an approval and a client tool': () =>
    record(model([...call('c1', 'pay', '{"sum":7}'), ...call('c2', 'here', '{}'), finish('tool-calls')])),
  'sources and files': () =>
    record(
      model([
        { type: 'source', sourceType: 'url', id: 's1', url: 'https://example.com', title: 'Example' },
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } },
        ...say('0', 'See above.'),
        finish('stop'),
      ]),
    ),
  'an error of the provider': () =>
    record(
      model([
        { type: 'text-start', id: '0' },
        { type: 'error', error: new Error('overloaded') },
        finish('stop'),
      ]),
    ),
  'an abort': () => {
    const stop = new AbortController();
    const parts: readonly ModelPart[] = [
      { type: 'text-start', id: '0' },
      ...Array.from({ length: 50 }, (_, i): ModelPart => ({ type: 'text-delta', id: '0', delta: `${i} ` })),
    ];
    let at = 0;
    const slow = new MockLanguageModelV4({
      doStream: () =>
        Promise.resolve({
          stream: new ReadableStream<ModelPart>({
            pull(controller) {
              const part = parts[at];
              at += 1;
              if (stop.signal.aborted) controller.error(stop.signal.reason);
              else if (part === undefined) controller.close();
              else controller.enqueue(part);
            },
          }),
        }),
    });
    return record(slow, {
      abortSignal: stop.signal,
      onChunk: ({ type }) => void (type === 'text-delta' && stop.abort()),
    });
  },
};

describe.each(Object.entries(RECORDINGS))('%s', (name, play) => {
  test.each(VERSIONS)('I12 folds to the same message in %s, whole and append by append', async (version) => {
    const chunks = await play();
    const types = new Set(chunks.map(({ type }) => type));
    expect(types.size, [...types].join(' ')).toBeGreaterThan(3);
    const original = await sdkFold(chunks, version);
    const appends = pieces(chunks);
    expect(await sdkFold(decode(encode(chunks)), version)).toEqual(original);
    for (let k = 0; k <= appends.length; k += 1) {
      const joined = decode(appends.slice(0, k).join(''), ...appends.slice(k));
      expect(await sdkFold(joined, version)).toEqual(original);
    }
  });

  test('I12 the neutral fold shows the same message', async () => {
    const chunks = await play();
    const { message } = await sdkFold(chunks);
    const { metadata, ...rest } = shown(encode(chunks));
    expect({ ...rest, metadata: { ...(metadata as object), isEnd: true } }).toEqual(message);
  });
});
