import { createContentFold } from '@holdfast/codec';
import type { StreamChunk } from '@tanstack/ai/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { agUiCodec } from '../../src/index.ts';
import { events, fold, type Event } from './fold.ts';
import { decode, pieces } from './log.ts';
import { call, finished, started, STREAMS, text } from './streams.ts';

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
beforeEach(() => warn.mockClear());

function parts(...stream: readonly Event[]): readonly unknown[] {
  const content = createContentFold();
  for (const piece of pieces(stream)) content.push(piece);
  return content.content.parts;
}

test('a live reader gets increments, and the whole list only where its own ids change', () => {
  for (const name of [
    'plain text',
    'a turn with server tools',
    'structured output',
    'a tool of the client',
  ]) {
    const types = decode(...pieces(STREAMS[name] ?? [])).map(({ type }) => String(type));
    expect(types.length).toBeGreaterThan(3);
    expect(types).not.toContain('MESSAGES_SNAPSHOT');
  }
});

test.each<[string, Event]>([
  ['has no id', { type: 'TEXT_MESSAGE_CONTENT', delta: 'x' }],
  ['has no text', { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 7 }],
  ['speaks of no call', { type: 'TOOL_CALL_ARGS', toolCallId: 'none', delta: '{}' }],
  ['settles no call', { type: 'TOOL_CALL_RESULT', toolCallId: 'none', content: '{}' }],
  ['ends no call', { type: 'TOOL_CALL_END', toolCallId: 'none' }],
])('an event that %s is kept aside, with a warning, and the stream goes on', (_what, bad) => {
  const good = [started, ...text('m1', 'One'), ...call('c1', 'tool', '{}'), finished()];
  const stream = [...good.slice(0, 3), bad, ...good.slice(3)];
  expect(fold(decode(...pieces(stream)))).toEqual(fold(events(good)));
  expect(warn).toHaveBeenCalledTimes(1);
  expect(parts(...stream)).toContainEqual({ type: 'raw', of: 'tanstack-ai/unplaced', chunk: bad });
});

test('an unknown event travels as it is, with a warning', () => {
  const unknown = { type: 'LATER_EVENT', value: { a: [1] } };
  expect(decode(...pieces([unknown]))).toEqual([unknown]);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('an error keeps its code and what else it says', () => {
  const error = { type: 'RUN_ERROR', message: 'overloaded', code: '529', metadata: { retryAfter: 3 } };
  expect(decode(...pieces([started, error]))).toContainEqual(error);
  expect(parts(started, error).at(-1)).toMatchObject({ type: 'error', text: 'overloaded', code: '529' });
});

test('a snapshot of the transcript is not stored', () => {
  const messages = [{ id: 'other', role: 'user', content: 'The whole history' }];
  expect(pieces([started, { type: 'MESSAGES_SNAPSHOT', messages }])).toEqual(['', '']);
});

test('settling closes what is open, and says why to whoever reads', () => {
  const encoder = agUiCodec.encoder();
  for (const event of events([started, ...text('m1', 'Half').slice(0, 2), ...call('c1', 'tool', '{}')]))
    encoder.write(event);
  encoder.settle('stopped');
  const shown = JSON.stringify(fold(decode(encoder.take())));
  expect(shown).toContain('"state":"error","error":"stopped"');
  encoder.settle('stopped');
  expect(encoder.take()).toBe('');
});

test('what others write is read: text, reasoning, files and calls', () => {
  const [content] = [
    {
      id: 'a1',
      role: 'assistant' as const,
      parts: [
        { type: 'step' as const },
        { type: 'reasoning' as const, n: 0, text: 'Hm.', state: 'done' as const },
        {
          type: 'tool' as const,
          n: 1,
          callId: 'c1',
          name: 'weather',
          state: 'result' as const,
          input: { a: 1 },
          output: 'sunny',
        },
        { type: 'step' as const },
        { type: 'text' as const, n: 2, text: 'Sunny.', state: 'done' as const },
        { type: 'file' as const, url: 'data:image/png;base64,aGk=', mime: 'image/png' },
      ],
    },
  ];
  const shown = fold(agUiCodec.decoder().show(content) as readonly StreamChunk[]);
  expect(shown).toEqual([
    {
      id: 'a1',
      role: 'assistant',
      parts: [
        { type: 'thinking', content: 'Hm.', stepId: 'step-0' },
        {
          type: 'tool-call',
          id: 'c1',
          name: 'weather',
          arguments: '{"a":1}',
          state: 'complete',
          input: { a: 1 },
          output: 'sunny',
        },
        { type: 'tool-result', toolCallId: 'c1', content: 'sunny', state: 'complete' },
        { type: 'text', content: 'Sunny.' },
        { type: 'image', source: { type: 'data', value: 'aGk=', mimeType: 'image/png' } },
      ],
    },
  ]);
});
