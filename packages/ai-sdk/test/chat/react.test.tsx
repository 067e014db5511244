// @vitest-environment jsdom
import { useChat, type Chat } from '@ai-sdk/react';
import type { Session } from '@holdfast/core';
import type { ChatTransport, UIMessage } from 'ai';
import { StrictMode, useEffect, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { expect, onTestFinished, test } from 'vitest';
import { createChatTransport, syncChat, toUIMessages } from '../../src/index.ts';
import { answer, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon, type Tab } from './scene.ts';

interface Place {
  readonly root: Root;
  readonly text: () => string;
  readonly click: (name: string) => void;
}

function mount(page: ReactNode): Place {
  const element = document.body.appendChild(document.createElement('div'));
  const root = createRoot(element);
  flushSync(() => root.render(page));
  onTestFinished(() => {
    root.unmount();
    element.remove();
  });
  return {
    root,
    text: () => element.querySelector('p')?.textContent ?? '',
    click: (name) => element.querySelector<HTMLButtonElement>(`button[name=${name}]`)?.click(),
  };
}

interface PageProps {
  readonly id: string;
  readonly session: Session;
  readonly transport: ChatTransport<UIMessage>;
}

/** A page as the SDK's own documentation writes it: the hook owns the chat. */
function Page({ id, session, transport }: PageProps) {
  const { messages, sendMessage, status } = useChat({
    id,
    transport,
    messages: toUIMessages(session),
    resume: true,
  });
  return (
    <>
      <p>{`${status}: ${textOf(messages)}`}</p>
      <button name="send" onClick={() => void sendMessage({ text: 'hello' })} />
    </>
  );
}

/** A page on a chat that lives outside of it. */
function SyncedPage({ chat, session }: { readonly chat: Chat<UIMessage>; readonly session: Session }) {
  const { messages, status } = useChat({ chat });
  const [mounts, setMounts] = useState(0);
  useEffect(() => {
    setMounts((count) => count + 1);
    return syncChat(chat, session).dispose;
  }, [chat, session]);
  return <p data-mounts={mounts}>{`${status}: ${textOf(messages)}`}</p>;
}

function textOf(messages: readonly UIMessage[]): string {
  return messages
    .flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function props({ session }: Tab, id = 'a'): PageProps {
  return { id, session, transport: createChatTransport(session) };
}

test('a page that goes away in mid-answer stops nothing, and one that comes back goes on with it', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const tab = await scene.tab({ synced: false });
  const page = mount(<Page {...props(tab)} />);
  page.click('send');
  tap.say('one ');
  await soon(() => expect(page.text()).toBe('streaming: hello one'));
  page.root.unmount();
  tap.say('two ');
  await soon(() => expect(JSON.stringify(tab.session.snapshot.messages)).toContain('two'));
  expect(tab.session.snapshot.runs).toMatchObject([{ status: 'active' }]);
  const back = mount(<Page {...props(tab)} />);
  await soon(() => expect(back.text()).toBe('streaming: hello one two'));
  tap.say('three');
  tap.end();
  await soon(() => expect(back.text()).toBe('ready: hello one two three'));
  expect(tab.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
});

test('StrictMode, which mounts everything twice, stops nothing', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [tab, other] = [await scene.tab({ synced: false }), await scene.tab()];
  const asked = other.chat.sendMessage({ text: 'hello' });
  tap.say('one ');
  await soon(() => expect(tab.session.snapshot.messages).toHaveLength(2));
  const page = mount(
    <StrictMode>
      <Page {...props(tab)} />
    </StrictMode>,
  );
  await soon(() => expect(page.text()).toContain('hello one'));
  tap.say('two');
  tap.end();
  await asked;
  expect(tab.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
  expect(lines(other)).toEqual(['user: hello', 'assistant: one two']);
});

test('another conversation on the same page stops nothing, and nothing crosses over', async () => {
  const [scene, elsewhere] = [createScene(), createScene()];
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  await elsewhere.agent({ model: createModel(answer('Elsewhere.')) });
  const [tab, other] = [await scene.tab({ synced: false }), await elsewhere.tab({ synced: false })];
  const [here, there] = [props(tab, 'here'), props(other, 'there')];
  const page = mount(<Page {...here} />);
  page.click('send');
  // Before there is anything of the answer.
  await soon(() => expect(tab.session.snapshot.runs).toMatchObject([{ status: 'active' }]));
  flushSync(() => page.root.render(<Page {...there} />));
  tap.say('one ');
  await soon(() => expect(JSON.stringify(tab.session.snapshot.messages)).toContain('one'));
  expect(page.text()).toBe('ready: ');
  page.click('send');
  await soon(() => expect(page.text()).toBe('ready: hello Elsewhere.'));
  tap.say('two');
  tap.end();
  await soon(() => expect(tab.session.snapshot.runs).toMatchObject([{ status: 'complete' }]));
  expect(page.text()).toBe('ready: hello Elsewhere.');
  flushSync(() => page.root.render(<Page {...here} />));
  await soon(() => expect(page.text()).toBe('ready: hello one two'));
  expect(other.session.snapshot.runs).toHaveLength(1);
});

test('a synced chat stays in step while pages on it come and go, in StrictMode too', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [tab, other] = [await scene.tab({ synced: false }), await scene.tab()];
  const page = mount(
    <StrictMode>
      <SyncedPage {...tab} />
    </StrictMode>,
  );
  const asked = other.chat.sendMessage({ text: 'hello' });
  tap.say('one ');
  await soon(() => expect(page.text()).toBe('streaming: hello one'));
  page.root.unmount();
  const back = mount(
    <StrictMode>
      <SyncedPage {...tab} />
    </StrictMode>,
  );
  tap.say('two');
  tap.end();
  await asked;
  await soon(() => expect(back.text()).toBe('ready: hello one two'));
  await settled(tab, other);
  // Neither of the two was told of more than one end.
  expect(tab.finishes).toHaveLength(1);
});
