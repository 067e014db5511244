// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, onTestFinished, test } from 'vitest';
import { createModel, createTap } from './model.ts';
import { startAgent } from './readme/agent.ts';
import { connect, Conversation } from './readme/page.tsx';
import { createScene, soon } from './scene.ts';

const folder = import.meta.dirname;

test.each(['page.tsx', 'agent.ts'])('the README shows %s as it is tested here', (file) => {
  const readme = readFileSync(`${folder}/../../README.md`, 'utf8');
  expect(readme).toContain(readFileSync(`${folder}/readme/${file}`, 'utf8'));
});

test('the page and the agent of the README talk to each other', async () => {
  const scene = createScene();
  const tap = createTap();
  const agent = await startAgent(scene.connect('bot', 'agent'), scene.name, createModel(tap));
  const element = document.body.appendChild(document.createElement('main'));
  const root = createRoot(element);
  const connected = connect(scene.connect('ada'), scene.name);
  flushSync(() => root.render(<Conversation {...connected} />));
  onTestFinished(() => root.unmount());
  const press = (): void => element.querySelector('button')?.click();
  press();
  await soon(() => expect(element.textContent).toBe('user: HelloStop'));
  tap.say('Hello Ada');
  await soon(() => expect(element.textContent).toBe('user: Helloassistant: Hello AdaStop'));
  press();
  await soon(() => expect(element.textContent).toBe('user: Helloassistant: Hello AdaSay hello'));
  await agent.close();
});
