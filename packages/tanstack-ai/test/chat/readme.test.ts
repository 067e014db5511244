import { readFileSync } from 'node:fs';
import type { UIMessage } from '@tanstack/ai-client';
import { expect, onTestFinished, test } from 'vitest';
import { createModel, createTap } from '../model.ts';
import { startAgent } from './readme/agent.ts';
import { connect } from './readme/page.ts';
import { createScene, lines, soon } from './scene.ts';

const folder = import.meta.dirname;

test.each(['page.ts', 'agent.ts'])('the README shows %s as it is tested here', (file) => {
  const readme = readFileSync(`${folder}/../../README.md`, 'utf8');
  expect(readme).toContain(readFileSync(`${folder}/readme/${file}`, 'utf8'));
});

test('the page and the agent of the README talk to each other', async () => {
  const scene = createScene();
  const tap = createTap();
  const agent = await startAgent(scene.connect('bot', 'agent'), scene.name, createModel(tap).adapter);
  let shown: UIMessage[] = [];
  const page = connect(scene.connect('ada'), scene.name, (messages) => (shown = messages));
  onTestFinished(() => page.chat.dispose());
  const sent = page.chat.sendMessage('Hello');
  tap.say('Hello Ada');
  await soon(() => expect(lines(page)).toEqual(['user: Hello', 'assistant: Hello Ada']));
  expect(shown).toEqual(page.chat.getMessages());
  await page.stop();
  await sent;
  expect(page.chat.getStatus()).toBe('ready');
  await agent.close();
});
