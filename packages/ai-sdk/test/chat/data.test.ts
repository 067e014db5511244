import { createUIMessageStream, streamText, toUIMessageStream, type UIMessageChunk } from 'ai';
import { expect, test } from 'vitest';
import { answer, createModel, type ModelPart } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

/** Chunks that a test feeds as it goes. */
function createChunkTap(): {
  readonly chunks: ReadableStream<UIMessageChunk>;
  push(...chunks: UIMessageChunk[]): void;
  end(): void;
} {
  let controller: ReadableStreamDefaultController<UIMessageChunk>;
  const chunks = new ReadableStream<UIMessageChunk>({ start: (each) => void (controller = each) });
  return {
    chunks,
    push: (...more) => more.forEach((chunk) => controller.enqueue(chunk)),
    end: () => controller.close(),
  };
}

test('transient data reaches the pages that listen, and no replay', async () => {
  const scene = createScene();
  const tap = createChunkTap();
  await scene.agent({ stream: () => tap.chunks });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage({ text: 'go' });
  tap.push(
    { type: 'start' },
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'Working' },
  );
  await soon(() => expect(phone.chat.status).toBe('streaming'));
  tap.push({ type: 'data-progress', data: 50, transient: true });
  const progress = { type: 'data-progress', data: 50 };
  await soon(() => {
    expect(laptop.data).toMatchObject([progress]);
    expect(phone.data).toMatchObject([progress]);
  });
  const tablet = await scene.tab();
  await soon(() => expect(lines(tablet).at(-1)).toBe('assistant: Working'));
  tap.push({ type: 'text-end', id: 't' }, { type: 'finish' });
  tap.end();
  await sent;
  await settled(laptop, phone, tablet);
  expect(tablet.data).toEqual([]);
  expect(JSON.stringify(laptop.chat.messages)).not.toContain('progress');
});

test('a data part with an id is replaced in place, live and for who comes later', async () => {
  const scene = createScene();
  const tap = createChunkTap();
  await scene.agent({ stream: () => tap.chunks });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage({ text: 'weather?' });
  tap.push(
    { type: 'data-weather', id: 'w', data: { state: 'loading' } },
    { type: 'data-note', data: 'kept' },
  );
  await soon(() => expect(JSON.stringify(phone.chat.messages)).toContain('loading'));
  tap.push({ type: 'data-weather', id: 'w', data: { state: 'sunny' } }, { type: 'data-note', data: 'too' });
  tap.push({ type: 'finish' });
  tap.end();
  await sent;
  const tablet = await scene.tab();
  await settled(laptop, phone, tablet);
  expect(tablet.chat.messages[1]?.parts).toEqual([
    { type: 'data-weather', id: 'w', data: { state: 'sunny' } },
    { type: 'data-note', data: 'kept' },
    { type: 'data-note', data: 'too' },
  ]);
  expect(laptop.data).toHaveLength(4);
});

test('reasoning, sources and files arrive', async () => {
  const scene = createScene();
  const parts: readonly ModelPart[] = [
    { type: 'reasoning-start', id: 'r' },
    { type: 'reasoning-delta', id: 'r', delta: 'Let me think.' },
    { type: 'reasoning-end', id: 'r' },
    { type: 'source', sourceType: 'url', id: 's', url: 'https://example.org/tides', title: 'Tides' },
    { type: 'file', mediaType: 'text/plain', data: { type: 'data', data: 'aGk=' } },
    ...answer('The moon.'),
  ];
  await scene.agent({ model: createModel(parts) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'tides?' });
  await settled(laptop, phone);
  expect(phone.chat.messages[1]?.parts).toMatchObject([
    { type: 'step-start' },
    { type: 'reasoning', text: 'Let me think.', state: 'done' },
    { type: 'source-url', url: 'https://example.org/tides', title: 'Tides' },
    { type: 'file', mediaType: 'text/plain', url: 'data:text/plain;base64,aGk=' },
    { type: 'text', text: 'The moon.', state: 'done' },
  ]);
});

test('an agent keeps its reasoning and sources to itself where it says so', async () => {
  const scene = createScene();
  const parts: readonly ModelPart[] = [
    { type: 'reasoning-start', id: 'r' },
    { type: 'reasoning-delta', id: 'r', delta: 'A secret.' },
    { type: 'reasoning-end', id: 'r' },
    { type: 'source', sourceType: 'url', id: 's', url: 'https://example.org/secret' },
    ...answer('The moon.'),
  ];
  await scene.agent({ model: createModel(parts), sendReasoning: false, sendSources: false });
  const laptop = await scene.tab();
  await laptop.chat.sendMessage({ text: 'tides?' });
  await settled(laptop);
  const { messages } = await scene.connect('ada').channel(scene.name).history();
  expect(JSON.stringify(messages)).not.toContain('secret');
});

test('metadata of questions and of answers shows on every device', async () => {
  const scene = createScene();
  await scene.agent({
    stream: async (run) =>
      toUIMessageStream({
        stream: streamText({ model: createModel(answer('Hello.')), messages: await run.prompt() }).stream,
        messageMetadata: ({ part }) =>
          part.type === 'start' ? { model: 'mock' } : part.type === 'finish' ? { tokens: 2 } : undefined,
      }),
  });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'hello', metadata: { from: 'here' } });
  await settled(laptop, phone);
  expect(phone.chat.messages.map(({ metadata }) => metadata)).toEqual([
    { from: 'here' },
    { model: 'mock', tokens: 2 },
  ]);
});

test('an agent may write its stream itself', async () => {
  const scene = createScene();
  await scene.agent({
    stream: async (run) => {
      const messages = await run.prompt();
      return createUIMessageStream({
        execute({ writer }) {
          writer.write({ type: 'data-plan', id: 'p', data: ['look', 'tell'] });
          const { stream } = streamText({ model: createModel(answer('Done.')), messages });
          writer.merge(toUIMessageStream({ stream }));
        },
      });
    },
  });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'go' });
  await settled(laptop, phone);
  expect(phone.chat.messages[1]?.parts).toMatchObject([
    { type: 'data-plan' },
    { type: 'step-start' },
    { type: 'text', text: 'Done.' },
  ]);
});

test('what the user sends reaches the model: text, files and the conversation before', async () => {
  const scene = createScene();
  const model = createModel(answer('A cat.'), answer('Still a cat.'));
  await scene.agent({ model });
  const laptop = await scene.tab();
  await laptop.chat.sendMessage({
    text: 'What is this?',
    files: [
      {
        type: 'file',
        mediaType: 'image/png',
        url: 'data:image/png;base64,iVBORw0KGgo=',
        filename: 'cat.png',
      },
    ],
  });
  await laptop.chat.sendMessage({ text: 'Sure?' });
  await settled(laptop);
  expect(model.doStreamCalls[1]?.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(JSON.stringify(model.doStreamCalls[1]?.prompt)).toContain('image/png');
  expect(laptop.chat.messages[0]?.parts).toMatchObject([
    { type: 'file', filename: 'cat.png' },
    { type: 'text' },
  ]);
});

test('an answer of ten thousand deltas is whole everywhere', async () => {
  const scene = createScene();
  const tap = createChunkTap();
  await scene.agent({ stream: () => tap.chunks });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage({ text: 'at length' });
  const words = Array.from({ length: 10_000 }, (_, n) => `w${n} `);
  tap.push({ type: 'text-start', id: 't' });
  for (const delta of words) tap.push({ type: 'text-delta', id: 't', delta });
  tap.push({ type: 'text-end', id: 't' }, { type: 'finish' });
  tap.end();
  await sent;
  await settled(laptop, phone);
  expect(lines(phone).at(-1)).toBe(`assistant: ${words.join('')}`);
});
