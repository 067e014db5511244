import { uiMessageChunkSchema, type UIMessageChunk } from 'ai';
import { describe, expect, test } from 'vitest';
import { EACH_TYPE } from './each-type.ts';
import { decode, encode, pieces, shown } from './log.ts';
import { sdkFold, VERSIONS, type Version } from './sdk-fold.ts';

const STREAMS = Object.entries(EACH_TYPE).flatMap(([type, streams]) =>
  streams.map((chunks, index) => ({ type, name: `${type}${index > 0 ? ', in full' : ''}`, chunks })),
);

test('every chunk type of the SDK is there, with chunks that its own schema takes', async () => {
  const { validate } = uiMessageChunkSchema();
  for (const { type, chunks } of STREAMS) {
    expect(chunks.some((chunk) => chunk.type.startsWith(type))).toBe(true);
    for (const chunk of chunks.filter((each) => each.type !== 'text-end')) {
      expect((await validate?.(chunk))?.success, chunk.type).toBe(true);
    }
  }
  // The SDK's type of a chunk lists as many: whoever adds one is told here.
  const count: Record<Exclude<UIMessageChunk['type'], `data-${string}`> | 'data-', true> = {
    start: true,
    'start-step': true,
    'finish-step': true,
    'reset-step': true,
    'message-metadata': true,
    finish: true,
    abort: true,
    error: true,
    'text-start': true,
    'text-delta': true,
    'text-end': true,
    'reasoning-start': true,
    'reasoning-delta': true,
    'reasoning-end': true,
    'tool-input-start': true,
    'tool-input-delta': true,
    'tool-input-available': true,
    'tool-input-error': true,
    'tool-approval-request': true,
    'tool-approval-response': true,
    'tool-output-available': true,
    'tool-output-error': true,
    'tool-output-denied': true,
    'source-url': true,
    'source-document': true,
    file: true,
    'reasoning-file': true,
    custom: true,
    'steering-message': true,
    'data-': true,
  };
  expect(Object.keys(EACH_TYPE).sort()).toEqual(Object.keys(count).sort());
});

// The AI SDK 6 passes over the chunk, and with it over what it says about the call.
const isUnknown = (version: Version, type: string): boolean =>
  version === 'ai6' && type === 'tool-approval-response';

describe.each(VERSIONS)('I12 %s folds to the same message', (version) => {
  test.each(STREAMS.filter(({ type }) => !isUnknown(version, type)))('$name', async ({ chunks }) => {
    const original = await sdkFold(chunks, version);
    const appends = pieces(chunks);
    expect(await sdkFold(decode(appends.join('')), version)).toEqual(original);
    expect(await sdkFold(decode(...appends), version)).toEqual(original);
    expect(await sdkFold(decode(encode(chunks)), version)).toEqual(original);
  });
});

test.each(STREAMS)('I12 the neutral fold shows the same message: $name', async ({ chunks }) => {
  const { message } = await sdkFold(chunks);
  const { metadata, ...rest } = shown(encode(chunks));
  expect({ ...rest, metadata: { ...(metadata as object), isEnd: true } }).toEqual(message);
});

test('I12 a chunk that is a whole part or a fact comes out with the fields it went in with', () => {
  const whole =
    /^(?:source|file|reasoning-file|custom|steering|data|finish$|error|tool-approval|tool-output-denied)/u;
  for (const { chunks } of STREAMS) {
    const decoded = decode(...pieces(chunks));
    for (const chunk of chunks.filter(({ type }) => whole.test(type))) {
      // Metadata comes in a chunk of its own.
      const { messageMetadata: _metadata, ...rest } = { messageMetadata: undefined, ...chunk };
      expect(decoded).toContainEqual(rest);
    }
  }
});

test('I12 an unknown chunk travels as raw and comes out as it went in', () => {
  const unknown = { type: 'future-chunk', deep: { a: [1, '\u001e'] } } as unknown as UIMessageChunk;
  expect(decode(encode([unknown]))).toEqual([unknown]);
});

test('I12 a field that this version does not know comes out as it went in', () => {
  const chunk = { type: 'custom', kind: 'a.b', later: { a: 1 } } as unknown as UIMessageChunk;
  expect(decode(encode([chunk]))).toEqual([chunk]);
});
