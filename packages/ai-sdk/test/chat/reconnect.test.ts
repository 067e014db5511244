import type { MessageId, Session } from '@holdfast/core';
import type { UIMessageChunk } from 'ai';
import { expect, test } from 'vitest';
import { createChatTransport } from '../../src/index.ts';
import { answer, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

const question = { id: 'q1', role: 'user', parts: [{ type: 'text', text: 'hello' }] } as const;

function send(session: Session, abortSignal?: AbortSignal): Promise<ReadableStream<UIMessageChunk>> {
  return createChatTransport(session).sendMessages({
    trigger: 'submit-message',
    chatId: 'chat',
    messageId: undefined,
    messages: [{ ...question, parts: [...question.parts] }],
    abortSignal,
  });
}

function typesOf(chunks: readonly UIMessageChunk[]): readonly string[] {
  return chunks.map(({ type }) => type);
}

async function readAll(stream: ReadableStream<UIMessageChunk> | null): Promise<UIMessageChunk[]> {
  const chunks: UIMessageChunk[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return chunks;
}

test('there is nothing to reconnect to where nobody answers', async () => {
  const scene = createScene();
  const { session } = await scene.tab({ synced: false });
  const transport = createChatTransport(session);
  expect(await transport.reconnectToStream({ chatId: 'chat' })).toBeNull();
  await scene.agent({ model: createModel(answer('Hello.')) });
  await readAll(await send(session));
  expect(await transport.reconnectToStream({ chatId: 'chat' })).toBeNull();
});

test('who reconnects gets the message so far and then the rest, under the same id', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [laptop, phone] = [await scene.tab({ synced: false }), await scene.tab({ synced: false })];
  const first = readAll(await send(laptop.session));
  tap.say('one ');
  tap.say('two ');
  await soon(() =>
    expect(phone.session.log(phone.session.snapshot.runs[0]?.id ?? ('' as never))).toContain('two'),
  );
  const again = readAll(await createChatTransport(phone.session).reconnectToStream({ chatId: 'chat' }));
  tap.say('three');
  tap.end();
  const [live, replayed] = [await first, await again];
  const textOf = (chunks: readonly UIMessageChunk[]): string =>
    chunks.map((chunk) => (chunk.type === 'text-delta' ? chunk.delta : '')).join('');
  expect(textOf(live)).toBe('one two three');
  expect(textOf(replayed)).toBe('one two three');
  expect(replayed[0]).toEqual(live[0]);
  expect(replayed[0]).toMatchObject({ type: 'start', messageId: phone.session.snapshot.messages[1]?.id });
  expect(typesOf(replayed).at(-1)).toBe('finish');
});

test('a reload in mid-stream goes on with the answer without sync, by resumeStream()', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const laptop = await scene.tab({ device: 'laptop', synced: false });
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: one '));
  await laptop.session.close();
  await sent;
  const reloaded = await scene.tab({ device: 'laptop', synced: false });
  const resumed = reloaded.chat.resumeStream();
  await soon(() => expect(lines(reloaded)).toEqual(['assistant: one ']));
  tap.say('two');
  tap.end();
  await resumed;
  expect(lines(reloaded)).toEqual(['assistant: one two']);
  expect(reloaded.chat.status).toBe('ready');
});

test('nothing is decoded before it is asked for', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  let shown = 0;
  const { session } = await scene.tab({ synced: false });
  const counted = Object.create(session, {
    message: {
      value(id: MessageId) {
        shown += 1;
        return session.message(id);
      },
    },
  }) as Session;
  const reader = (await send(counted)).getReader();
  shown = 0;
  tap.say('one ');
  await soon(() => expect(session.log(session.snapshot.runs[0]?.id ?? ('' as never))).toContain('one'));
  expect(shown).toBe(0);
  expect(await reader.read()).toMatchObject({ value: { type: 'start' } });
  const first = shown;
  expect(first).toBeGreaterThan(0);
  for (let n = 0; n < 20; n += 1) tap.say('more ');
  tap.end();
  await soon(() => expect(session.snapshot.runs).toMatchObject([{ status: 'complete' }]));
  expect(shown).toBe(first);
  const chunks: UIMessageChunk[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  // What came meanwhile is one piece.
  expect(typesOf(chunks).filter((type) => type === 'text-delta')).toHaveLength(2);
});

test("an aborted request settles at once, with the signal's reason", async () => {
  const scene = createScene();
  const { session } = await scene.tab({ synced: false });
  const reason = new Error('left the page');
  await expect(send(session, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(session.snapshot.runs).toEqual([]);
  const transport = createChatTransport(session);
  await expect(
    transport.reconnectToStream({ chatId: 'chat', abortSignal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason);
  const controller = new AbortController();
  const reader = (await send(session, controller.signal)).getReader();
  const next = reader.read();
  controller.abort(reason);
  await expect(next).rejects.toBe(reason);
  // The question is asked all the same.
  await soon(() => expect(session.snapshot.runs).toMatchObject([{ status: 'queued' }]));
});

test('a request settles at once where the session can not be reached', async () => {
  const scene = createScene();
  const { session } = await scene.tab({ synced: false });
  const controller = new AbortController();
  const unreachable = Object.create(session, { ready: { value: new Promise(() => {}) } }) as Session;
  const sent = send(unreachable, controller.signal);
  controller.abort();
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
});

test('a stream that is cancelled lets go of the run', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const { session } = await scene.tab({ synced: false });
  const transport = createChatTransport(session);
  const stream = await send(session);
  tap.say('one ');
  await soon(() => expect(session.snapshot.runs).toMatchObject([{ status: 'active' }]));
  // Who reads the run already needs no second stream of it.
  expect(await transport.reconnectToStream({ chatId: 'chat' })).toBeNull();
  expect(await transport.reconnectToStream({ chatId: 'another chat' })).not.toBeNull();
  await stream.cancel();
  expect(await transport.reconnectToStream({ chatId: 'chat' })).not.toBeNull();
  expect(session.snapshot.runs).toMatchObject([{ status: 'active' }]);
});

test('a page that loses its session resumes when the session is back', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const laptop = await scene.tab();
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: one '));
  await laptop.session.close();
  await sent;
  expect(laptop.finishes).toMatchObject([{ isDisconnect: true }]);
  const back = await scene.tab();
  tap.say('two');
  tap.end();
  await settled(back);
  expect(lines(back)).toEqual(['user: count', 'assistant: one two']);
});
