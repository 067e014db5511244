import { isStepCount, streamText } from 'ai';
import { expect, test } from 'vitest';
import type { RunId } from '@holdfast/core';
import { answer, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon, type AgentSetup } from './scene.ts';

/** An agent as its author writes it who lets people steer. */
function steered(model: ReturnType<typeof createModel>): AgentSetup {
  return {
    async stream(run) {
      return streamText({
        model,
        messages: await run.prompt(),
        abortSignal: run.signal,
        experimental_steering: run.steering,
        stopWhen: isStepCount(5),
      });
    },
  };
}

test('what is said to a running answer reaches the model at its next step, and shows where it did', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap, answer('In French: la mer.'));
  await scene.agent(steered(model));
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  void laptop.chat.sendMessage({ text: 'What is the sea?' });
  tap.say('Water. ');
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: Water. '));
  const run = phone.session.snapshot.runs[0]?.id ?? ('' as string as RunId);
  await phone.session.steer(run, { parts: [{ type: 'text', text: 'In French, please.' }] });
  await soon(() => expect(laptop.session.run(run)?.steers).toMatchObject([{ outcome: 'pending' }]));
  tap.end();
  await settled(laptop, phone);
  expect(laptop.session.run(run)).toMatchObject({ status: 'complete', steers: [{ outcome: 'delivered' }] });
  expect(laptop.session.snapshot.runs).toHaveLength(1);
  expect(lines(laptop).at(-1)).toBe('assistant: Water. In French: la mer.');
  expect(laptop.chat.messages.at(-1)?.parts.map(({ type }) => type)).toEqual([
    'step-start',
    'text',
    'steering-message',
    'step-start',
    'text',
  ]);
  expect(model.doStreamCalls[1]?.prompt.at(-1)).toMatchObject({
    role: 'user',
    content: [{ type: 'text', text: 'In French, please.' }],
  });
});

test('what comes too late for a step becomes a question of its own', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap, answer('La mer.'));
  // This agent does not listen.
  await scene.agent({ model });
  const laptop = await scene.tab();
  void laptop.chat.sendMessage({ text: 'What is the sea?' });
  tap.say('Water.');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: Water.'));
  const run = laptop.session.snapshot.runs[0]?.id ?? ('' as string as RunId);
  await laptop.session.steer(run, { parts: [{ type: 'text', text: 'In French, please.' }] });
  tap.end();
  await settled(laptop);
  expect(laptop.session.run(run)?.steers).toMatchObject([{ outcome: 'undelivered' }]);
  expect(lines(laptop)).toEqual([
    'user: What is the sea?',
    'assistant: Water.',
    'user: In French, please.',
    'assistant: La mer.',
  ]);
});
