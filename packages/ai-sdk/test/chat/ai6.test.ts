import type { Session } from '@holdfast/core';
import {
  AbstractChat,
  streamText,
  type ChatInit,
  type ChatState,
  type ChatStatus,
  type ChatTransport,
  type UIMessage,
} from 'ai6';
import { MockLanguageModelV3, simulateReadableStream } from 'ai6/test';
import { expect, test } from 'vitest';
import { uiAgent } from '../../src/agent.ts';
import { createChatTransport, syncChat } from '../../src/index.ts';
import { answer, createModel, createTap } from './model.ts';
import { createScene, json, settled, soon } from './scene.ts';

class PlainState implements ChatState<UIMessage> {
  status: ChatStatus = 'ready';
  error: Error | undefined = undefined;
  messages: UIMessage[] = [];
  pushMessage = (message: UIMessage): void => {
    this.messages = [...this.messages, message];
  };
  popMessage = (): void => {
    this.messages = this.messages.slice(0, -1);
  };
  replaceMessage = (index: number, message: UIMessage): void => {
    this.messages = this.messages.with(index, structuredClone(message));
  };
  snapshot = <T>(value: T): T => structuredClone(value);
}

class PlainChat extends AbstractChat<UIMessage> {
  constructor(init: Omit<ChatInit<UIMessage>, 'messages'>) {
    super({ ...init, state: new PlainState() });
  }
}

interface Tab6 {
  readonly chat: PlainChat;
  readonly aborts: boolean[];
}

/** The chat of the AI SDK 6 on a session. */
function open6(session: Session): Tab6 {
  const aborts: boolean[] = [];
  const chat = new PlainChat({
    transport: createChatTransport(session) as unknown as ChatTransport<UIMessage>,
    onFinish: ({ isAbort }) => void aborts.push(isAbort),
  });
  return { chat, aborts };
}

function texts({ messages }: PlainChat): string[] {
  return messages.map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
}

test('AI SDK 6: a question is answered', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('Hello Ada.')) });
  const [tab, other] = [await scene.tab({ synced: false }), await scene.tab()];
  const { chat, aborts } = open6(tab.session);
  await chat.sendMessage({ text: 'hello' });
  expect(texts(chat)).toEqual(['hello', 'Hello Ada.']);
  expect(chat.status).toBe('ready');
  expect(aborts).toEqual([false]);
  await settled(other);
  expect(json(chat.messages)).toEqual(json(other.chat.messages));
});

test('AI SDK 6: a chat that opens in mid-answer resumes it', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [tab, other] = [await scene.tab({ synced: false }), await scene.tab()];
  const asked = other.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() =>
    expect(tab.session.snapshot.messages.at(-1)?.parts.at(-1)).toMatchObject({ text: 'one ' }),
  );
  const { chat } = open6(tab.session);
  const resumed = chat.resumeStream();
  await soon(() => expect(texts(chat)).toEqual(['one ']));
  tap.say('two');
  tap.end();
  await Promise.all([asked, resumed]);
  expect(texts(chat)).toEqual(['one two']);
  expect(chat.status).toBe('ready');
  await chat.resumeStream();
  expect(chat.status).toBe('ready');
});

test('AI SDK 6: stop() only detaches, and a stop on another device ends the answer', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap);
  await scene.agent({ model });
  const [tab, other] = [await scene.tab({ synced: false }), await scene.tab()];
  const { chat, aborts } = open6(tab.session);
  const asked = chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(texts(chat)).toEqual(['count', 'one ']));
  await chat.stop();
  await asked;
  expect(aborts).toEqual([true]);
  expect(tab.session.snapshot.runs).toMatchObject([{ status: 'active' }]);
  const resumed = chat.resumeStream();
  await soon(() => expect(chat.status).toBe('streaming'));
  await other.sync?.stop();
  await resumed;
  expect(aborts).toEqual([true, true]);
  expect(chat.status).toBe('ready');
  expect(chat.messages.at(-1)?.parts.at(-1)).toMatchObject({ type: 'text', text: 'one ', state: 'done' });
  expect(model.doStreamCalls[0]?.abortSignal?.aborted).toBe(true);
});

test('AI SDK 6: two synced chats come to show the same', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('a1'), answer('a2'), answer('a3')) });
  const tabs = [await scene.tab({ synced: false }), await scene.tab({ synced: false })];
  const [one, two] = tabs.map(({ session }) => ({ ...open6(session), session }));
  if (one === undefined || two === undefined) throw new Error('two tabs');
  const syncs = [one, two].map(({ chat, session }) => syncChat(chat as never, session));
  await one.chat.sendMessage({ text: 'q1' });
  await two.chat.sendMessage({ text: 'q2' });
  const messageId = one.chat.messages[0]?.id ?? '';
  await one.chat.sendMessage({ text: 'better', messageId });
  await soon(() => {
    expect(texts(two.chat)).toEqual(['better', 'a3']);
    expect(json(one.chat.messages)).toEqual(json(two.chat.messages));
    expect([one.chat.status, two.chat.status]).toEqual(['ready', 'ready']);
  });
  for (const sync of syncs) sync.dispose();
});

test('AI SDK 6: its streamText answers on a session', async () => {
  const scene = createScene();
  const model = new MockLanguageModelV3({
    doStream: async () => ({
      stream: simulateReadableStream({
        chunks: [
          { type: 'text-start', id: '0' },
          { type: 'text-delta', id: '0', delta: 'From six.' },
          { type: 'text-end', id: '0' },
          {
            type: 'finish',
            finishReason: { unified: 'stop', raw: undefined },
            usage: {
              inputTokens: { total: 1, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
              outputTokens: { total: 1, text: undefined, reasoning: undefined },
            },
          },
        ],
      }),
    }),
  });
  const agent = uiAgent({
    channels: scene.connect('bot', 'agent'),
    name: 'bot',
    stream: async (run) =>
      streamText({ model, messages: (await run.prompt()) as never, abortSignal: run.signal }) as never,
  });
  await agent.attend(scene.name);
  const tab = await scene.tab();
  await tab.chat.sendMessage({ text: 'hello' });
  await settled(tab);
  expect(JSON.stringify(tab.chat.messages)).toContain('From six.');
  await agent.close();
});
