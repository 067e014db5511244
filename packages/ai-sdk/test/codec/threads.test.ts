import { control, createContentFold, type Content, type ContentMessage } from '@holdfast/codec';
import type { UIMessageChunk } from 'ai';
import { describe, expect, test } from 'vitest';
import { toUIMessage, uiMessageCodec } from '../../src/index.ts';
import { sdkFold, VERSIONS } from './sdk-fold.ts';

const BEGUN = [
  control(['message', 'm', { role: 'assistant' }]),
  control(['step', 'start']),
  control(['open', 'reasoning', { id: 'r' }]),
];
const THREADED = [
  ...BEGUN,
  control(['thread', 0, { id: 'm1' }]),
  control(['thread', 0, { id: 'm2' }]),
  control(['close', 0, { pm: { vendor: { signature: 'x' } }, length: 1240 }]),
  control(['open', 'text']),
  'Hello',
  control(['finish', 'stop']),
];
/** The thread failed, late. */
const INLINE = [
  ...BEGUN,
  control(['thread', 0, { id: 'm1' }]),
  control(['close', 0, { length: 4 }]),
  control(['open', 'text']),
  'Hello',
  control(['thread', 0, { text: 'here' }]),
];

/** What a session shows as a log grows. */
function contents(log: readonly string[]): readonly Content[] {
  const fold = createContentFold();
  return log.map((piece) => {
    fold.push(piece);
    return fold.content;
  });
}

function messageOf(content: Content | undefined): ContentMessage {
  return { id: 'm', role: 'assistant', parts: [], ...content };
}

describe.each(VERSIONS)('%s', (version) => {
  test.each(Object.entries({ THREADED, INLINE }))(
    'a chat shows %s reasoning as the session does, wherever it joins',
    async (name, log) => {
      const all = contents(log);
      const last = all.at(-1);
      for (const from of all.keys()) {
        let decoder = uiMessageCodec.decoder();
        let chunks: UIMessageChunk[] = [];
        for (const content of all.slice(from)) {
          const more = decoder.show(content);
          if (more !== undefined) chunks.push(...more);
          else {
            // The message is replayed to a new reader.
            decoder = uiMessageCodec.decoder();
            chunks = [...(decoder.show(content) ?? [])];
          }
        }
        // The AI SDK 6 has no way back within a message.
        if (version === 'ai6' && name === 'INLINE' && chunks.some(({ type }) => `${type}` === 'reset-step'))
          continue;
        const { message, errors } = await sdkFold(chunks, version);
        expect(errors).toEqual([]);
        expect(message?.parts).toEqual(toUIMessage(messageOf(last)).parts);
      }
    },
  );
});

test('a part says which messages have its text, and how much that is', () => {
  const [, reasoning] = toUIMessage(messageOf(contents(THREADED).at(-1))).parts;
  expect(reasoning).toEqual({
    type: 'reasoning',
    id: 'r',
    text: '',
    state: 'done',
    providerMetadata: { vendor: { signature: 'x' }, holdfast: { thread: ['m1', 'm2'], length: 1240 } },
  });
});

test('a prompt has what was read, and nothing of what was not', async () => {
  const content = messageOf(contents(THREADED).at(-1));
  const text = { type: 'text', text: 'Hello' };
  expect(await uiMessageCodec.prompt([content])).toMatchObject([{ role: 'assistant', content: [text] }]);
  const read = content.parts.map((part) => {
    if (part.type !== 'reasoning') return part;
    const { thread: _thread, length: _length, ...own } = part;
    return { ...own, text: 'Well.' };
  });
  const providerOptions = { vendor: { signature: 'x' } };
  expect(await uiMessageCodec.prompt([{ ...content, parts: read }])).toMatchObject([
    { role: 'assistant', content: [{ type: 'reasoning', text: 'Well.', providerOptions }, text] },
  ]);
});
