import { isTextUIPart } from 'ai';
import { expect, test } from 'vitest';
import { answer, call, calls, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('another process finishes the sentence, and pages see one text', async () => {
  const scene = createScene();
  const tap = createTap();
  const dead = await scene.agent({ model: createModel(tap), leaseMs: 60_000 });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  void laptop.chat.sendMessage({ text: 'hello' });
  tap.say('The sea is ');
  await soon(() => expect(lines(phone)).toEqual(['user: hello', 'assistant: The sea is ']));
  await dead.close({ drainMs: 0 });
  const model = createModel(answer('never still.'));
  await scene.agent({ model, leaseMs: 60, onTakeover: 'continue' });
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: hello', 'assistant: The sea is never still.']);
  const late = await scene.tab();
  await settled(laptop, phone, late);
  const texts = laptop.chat.messages.at(-1)?.parts.filter(isTextUIPart);
  expect(texts).toMatchObject([{ text: 'The sea is never still.', state: 'done' }]);
  expect(laptop.finishes).toMatchObject([{ isError: false, isAbort: false }]);
  // The model was shown what it is to go on with.
  expect(model.doStreamCalls[0]?.prompt.at(-1)).toMatchObject({
    role: 'assistant',
    content: [{ type: 'text', text: 'The sea is ' }],
  });
});

test('a model that has something else to say ends the sentence where it is', async () => {
  const scene = createScene();
  const tap = createTap();
  const dead = await scene.agent({ model: createModel(tap), leaseMs: 60_000 });
  const laptop = await scene.tab();
  void laptop.chat.sendMessage({ text: 'hello' });
  tap.say('Let me see');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: Let me see'));
  await dead.close({ drainMs: 0 });
  await scene.agent({
    model: createModel(calls(call('look', {}))),
    tools: { look: { inputSchema: (await import('zod')).z.object({}), description: 'looks' } },
    leaseMs: 60,
    onTakeover: 'continue',
  });
  await soon(() => expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'suspended' }]));
  expect(laptop.session.snapshot.messages.at(-1)?.parts).toMatchObject([
    { type: 'step' },
    { type: 'text', text: 'Let me see', state: 'done' },
    { type: 'step' },
    { type: 'tool', name: 'look', state: 'proposed' },
  ]);
});
