// @vitest-environment jsdom
import type { MessageId } from '@holdfast/core';
import { reasoningLane } from '@holdfast/core/reasoning';
import type { UIMessageChunk } from 'ai';
import { readFileSync } from 'node:fs';
import { StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, onTestFinished, test } from 'vitest';
import { Thoughts } from './reasoning/thought.tsx';
import { createScene, settled, soon } from './scene.ts';

const TEXT = 'Let me think about that.';

async function* answer(): AsyncGenerator<UIMessageChunk> {
  yield { type: 'start' };
  yield { type: 'reasoning-start', id: 'r' };
  yield { type: 'reasoning-delta', id: 'r', delta: TEXT };
  yield { type: 'reasoning-end', id: 'r', providerMetadata: { vendor: { signature: 'x' } } };
  yield { type: 'text-start', id: 't' };
  yield { type: 'text-delta', id: 't', delta: 'Because.' };
  yield { type: 'text-end', id: 't' };
  yield { type: 'finish' };
}

test('docs/reasoning.md shows the component as it is tested here', () => {
  const page = readFileSync(`${import.meta.dirname}/../../../../docs/reasoning.md`, 'utf8');
  expect(page).toContain(readFileSync(`${import.meta.dirname}/reasoning/thought.tsx`, 'utf8'));
});

test('a chat knows of threaded reasoning, and a component that is opened shows it', async () => {
  const scene = createScene();
  await scene.agent({ reasoning: 'threaded', stream: answer });
  const tab = await scene.tab();
  await tab.chat.sendMessage({ text: 'Why?' });
  await settled(tab);
  const message = tab.chat.messages.at(-1);
  expect(message?.parts).toMatchObject([
    {
      type: 'reasoning',
      text: '',
      state: 'done',
      providerMetadata: {
        vendor: { signature: 'x' },
        holdfast: { thread: [expect.any(String)], length: 24 },
      },
    },
    { type: 'text', text: 'Because.' },
  ]);
  const { session, channels } = tab;
  const [run] = session.snapshot.runs;
  const { messages } = await channels
    .channel(reasoningLane(session.name, run?.id ?? ('' as never)))
    .history();
  expect(messages.map(({ data }) => data)).toEqual([TEXT]);

  const element = document.body.appendChild(document.createElement('main'));
  const root = createRoot(element);
  onTestFinished(() => root.unmount());
  const id = (message?.id ?? '') as MessageId;
  flushSync(() =>
    root.render(
      <StrictMode>
        <Thoughts channels={channels} session={session} message={id} length={TEXT.length} />
      </StrictMode>,
    ),
  );
  expect(element.textContent).toBe('Thought for 24 characters');
  const details = element.querySelector('details');
  if (details === null) throw new Error('nothing to open');
  details.open = true;
  await soon(() => expect(element.querySelector('p')?.textContent).toBe(TEXT));
  details.open = false;
  await soon(() => expect(element.textContent).toBe('Thought for 24 characters'));
});
