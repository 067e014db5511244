import { createLogReader } from '@holdfast/codec';
import type { UIMessageChunk } from 'ai';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { uiMessageCodec } from '../../src/index.ts';
import { moves, toStream } from './chunk-stream.ts';
import { EACH_TYPE } from './each-type.ts';
import { decode, encode, shown } from './log.ts';
import { sdkFold } from './sdk-fold.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

const OPENING = '\u001e["message","m1",{"role":"assistant"}]\n';

function write(log: string, ...chunks: readonly UIMessageChunk[]): string {
  const encoder = uiMessageCodec.encoder(log);
  for (const chunk of chunks) encoder.write(chunk);
  return encoder.take();
}

describe('a log that an agent began', () => {
  test('keeps its name: of a start only the metadata is written', () => {
    expect(write(OPENING, { type: 'start', messageId: 'other' })).toBe('');
    expect(write(OPENING, { type: 'start', messageMetadata: { a: 1 } })).toBe('\u001e["meta",{"a":1}]\n');
  });

  test('goes on with a second model call in the same message', async () => {
    const first = OPENING + write(OPENING, ...toolTurn.slice(0, 3));
    const verdict = '\u001e["answer","a1",{"record":"r1","ok":true}]\n';
    const log = first + verdict;
    const rest = write(log, ...toolTurn.slice(3));
    const { message, errors } = await sdkFold(decode(log + rest));
    expect(errors).toEqual([]);
    expect(message?.id).toBe('m1');
    expect(message?.parts.map(({ type }) => type)).toEqual(['step-start', 'tool-pay', 'step-start', 'text']);
    expect(message?.parts[1]).toMatchObject({
      state: 'output-available',
      output: 'paid',
      approval: { approved: true },
    });
  });
});

const toolTurn: readonly UIMessageChunk[] = [
  { type: 'start-step' },
  { type: 'tool-input-available', toolCallId: 'c1', toolName: 'pay', input: { sum: 7 } },
  { type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c1' },
  { type: 'start', messageId: 'm2' },
  { type: 'tool-output-available', toolCallId: 'c1', output: 'paid' },
  { type: 'start-step' },
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'Done.' },
];

test('steps and errors keep the fields that nobody knows', () => {
  const chunks = [
    { type: 'start', messageId: 'm1' },
    { type: 'start-step', later: 1 },
    { type: 'error', errorText: 'no', code: '529' },
  ] as readonly UIMessageChunk[];
  expect(decode(encode(chunks))).toEqual(chunks);
});

describe('settling', () => {
  test('writes nothing where nothing is open', () => {
    const encoder = uiMessageCodec.encoder(OPENING);
    encoder.settle('stopped');
    expect(encoder.take()).toBe('');
    for (const chunk of EACH_TYPE['tool-output-error']?.[0] ?? []) encoder.write(chunk);
    encoder.take();
    encoder.settle('stopped');
    expect(encoder.take()).toBe('');
  });

  test('closes every part and gives every call a result, once', async () => {
    await fc.assert(
      fc.asyncProperty(moves, fc.boolean(), async (made, isHandedOver) => {
        const first = uiMessageCodec.encoder();
        for (const chunk of toStream(made).slice(0, -1)) first.write(chunk);
        const log = first.take();
        const encoder = isHandedOver ? uiMessageCodec.encoder(log) : first;
        encoder.settle('stopped');
        const settled = log + encoder.take();
        encoder.settle('stopped');
        expect(encoder.take()).toBe('');
        const { message, errors } = await sdkFold(decode(settled));
        expect(errors).toEqual((await sdkFold(decode(log))).errors);
        const parts = message?.parts ?? [];
        const afterReset = made.findLastIndex(({ doing }) => doing === 'reset') >= 0;
        const open = parts.filter((part) => 'state' in part && part.state === 'streaming');
        // The reader of the SDK never closes what a reset found open in an earlier step.
        expect(afterReset ? [] : open).toEqual([]);
        const states = parts.flatMap((part) => ('toolCallId' in part ? [part.state] : []));
        expect(states.filter((state) => !state.startsWith('output-'))).toEqual([]);
        const unfinished = parts.filter((part) => 'preliminary' in part && part.preliminary === true);
        // A denial leaves everything else as it was.
        expect(unfinished.filter((part) => 'state' in part && part.state !== 'output-denied')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('says why, and a text that comes too late is no part of the message', () => {
    const encoder = uiMessageCodec.encoder();
    const text = { type: 'text-start', id: '0' } as const;
    const late = { type: 'text-delta', id: '0', delta: 'late' } as const;
    const call = { type: 'tool-input-start', toolCallId: 'c1', toolName: 'pay' } as const;
    for (const chunk of [text, call]) encoder.write(chunk);
    encoder.settle('stopped by Ada');
    encoder.write(late);
    const log = encoder.take();
    expect(shown(log).parts).toMatchObject([
      { type: 'text', text: '', state: 'done' },
      { type: 'tool-pay', state: 'output-error', errorText: 'stopped by Ada' },
    ]);
    expect(decode(log)).not.toContainEqual(late);
  });

  test('a half of a surrogate pair goes out with it', () => {
    const encoder = uiMessageCodec.encoder();
    encoder.write({ type: 'text-start', id: '0' });
    encoder.write({ type: 'text-delta', id: '0', delta: 'a\ud83d' });
    encoder.settle('stopped');
    expect(shown(encoder.take()).parts).toEqual([{ type: 'text', text: 'a\ud83d', state: 'done' }]);
  });
});

test('nothing that a chunk contains makes an encoder throw', () => {
  const cycle: Record<string, unknown> = { a: 1 };
  cycle['self'] = cycle;
  const bad: unknown[] = [
    null,
    undefined,
    7,
    {},
    { type: 7 },
    { type: 'toString' },
    { type: 'text-delta' },
    { type: 'text-end', id: 'none' },
    { type: 'tool-output-available', toolCallId: 'none', output: cycle },
    { type: 'tool-input-available', toolCallId: 7 },
    { type: 'data-x', data: 10n },
    { type: 'data-x', id: 'd', data: { at: new Date(0), f() {}, u: undefined } },
    {
      type: 'custom',
      toJSON: () => {
        throw new Error('no JSON');
      },
    },
    { type: 'start', messageId: {} },
  ];
  const encoder = uiMessageCodec.encoder();
  for (const chunk of bad) encoder.write(chunk as UIMessageChunk);
  encoder.settle('stopped');
  const log = encoder.take();
  let broken = 0;
  createLogReader({ text() {}, control: ([verb]) => void (broken += Number(verb === 'broken')) }).push(log);
  expect(broken).toBe(0);
  expect(shown(log).parts).toContainEqual({
    type: 'data-x',
    id: 'd',
    data: { at: '1970-01-01T00:00:00.000Z' },
  });
});

test('an output that is changed in place and yielded again is seen to change', async () => {
  const output = { steps: ['one'] };
  const encoder = uiMessageCodec.encoder();
  encoder.write({ type: 'tool-input-available', toolCallId: 'c1', toolName: 'run', input: {} });
  encoder.write({ type: 'tool-output-available', toolCallId: 'c1', output, preliminary: true });
  output.steps.push('two');
  encoder.write({ type: 'tool-output-available', toolCallId: 'c1', output });
  const { message } = await sdkFold(decode(encoder.take()));
  expect(message?.parts[0]).toMatchObject({ output: { steps: ['one', 'two'] } });
});

test('I10 what a settled call said already is not written again', () => {
  const log = encode([
    { type: 'tool-input-start', toolCallId: 'c1', toolName: 'run', dynamic: true, title: 'Run' },
    { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '{"a":1}' },
    {
      type: 'tool-input-available',
      toolCallId: 'c1',
      toolName: 'run',
      input: { a: 1 },
      dynamic: true,
      title: 'Run',
    },
    { type: 'tool-output-available', toolCallId: 'c1', output: 'x', dynamic: true, preliminary: true },
    { type: 'tool-output-available', toolCallId: 'c1', output: 'xy', dynamic: true, preliminary: true },
    { type: 'tool-output-available', toolCallId: 'c1', output: 'xy', dynamic: true },
  ]);
  expect(log.replaceAll('\u001e', '').split('\n')).toEqual([
    '["open","input",{"id":"c1","name":"run","dynamic":true,"x":{"ai-sdk":{"title":"Run"}}}]',
    '{"a":1}["call","c1",{"n":0}]',
    '["result","c1",{"preliminary":true,"output":"x"}]',
    '["open","value",{"of":"c1","at":[]}]',
    'y["result","c1"]',
    '',
  ]);
});
