import { expect, test } from 'vitest';
import { answer, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('a stop on another device ends the answer for everybody: text stays, nothing is left open', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap);
  await scene.agent({ model });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one two ');
  await soon(() => expect(lines(phone)).toEqual(['user: count', 'assistant: one two ']));
  await phone.sync?.stop();
  await sent;
  expect(laptop.chat.status).toBe('ready');
  expect(laptop.finishes).toMatchObject([{ isAbort: true, isError: false, isDisconnect: false }]);
  expect(laptop.errors).toEqual([]);
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: count', 'assistant: one two ']);
  expect(laptop.chat.messages[1]?.parts.at(-1)).toMatchObject({ type: 'text', state: 'done' });
  expect(model.doStreamCalls[0]?.abortSignal?.aborted).toBe(true);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'cancelled' }]);
});

test('the next prompt has the stopped answer, and says that it was stopped', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap, answer('Seven.'));
  await scene.agent({ model });
  const laptop = await scene.tab();
  void laptop.chat.sendMessage({ text: 'count' });
  tap.say('one two ');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: one two '));
  await laptop.sync?.stop();
  await settled(laptop);
  await laptop.chat.sendMessage({ text: 'and then?' });
  await settled(laptop);
  expect(model.doStreamCalls[1]?.prompt).toMatchObject([
    { role: 'user', content: [{ text: 'count' }] },
    { role: 'assistant', content: [{ text: 'one two ' }, { text: '[The user stopped this answer here.]' }] },
    { role: 'user', content: [{ text: 'and then?' }] },
  ]);
  // The mark is for the model: people see the run's status.
  expect(lines(laptop)[1]).toBe('assistant: one two ');
});

test('chat.stop() only detaches, at once', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap);
  await scene.agent({ model });
  const laptop = await scene.tab({ synced: false });
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(lines(laptop)).toEqual(['user: count', 'assistant: one ']));
  await laptop.chat.stop();
  await sent;
  expect(laptop.chat.status).toBe('ready');
  expect(laptop.finishes).toMatchObject([{ isAbort: true }]);
  expect(model.doStreamCalls[0]?.abortSignal?.aborted).toBe(false);
  tap.say('two');
  tap.end();
  await soon(() => expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]));
  expect(lines(laptop)).toEqual(['user: count', 'assistant: one ']);
});

test('a synced chat that was stopped by itself goes on with the answer', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const laptop = await scene.tab();
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(lines(laptop)).toEqual(['user: count', 'assistant: one ']));
  await laptop.chat.stop();
  await sent;
  await soon(() => expect(laptop.chat.status).toBe('streaming'));
  tap.say('two');
  tap.end();
  await settled(laptop);
  expect(lines(laptop)).toEqual(['user: count', 'assistant: one two']);
});

test('chat.stop() settles while the session is being opened and while nobody answers', async () => {
  const scene = createScene();
  const laptop = await scene.tab({ synced: false });
  const sent = laptop.chat.sendMessage({ text: 'anybody?' });
  await soon(() => expect(laptop.chat.status).toBe('submitted'));
  await soon(() => expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'queued' }]));
  await laptop.chat.stop();
  await sent;
  expect(laptop.chat.status).toBe('ready');
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'queued' }]);
});

test('abortMeansCancel makes chat.stop() a stop for everybody', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap);
  await scene.agent({ model });
  const laptop = await scene.tab({ abortMeansCancel: true, synced: false });
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(lines(laptop)).toEqual(['user: count', 'assistant: one ']));
  await laptop.chat.stop();
  await sent;
  await soon(() => expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'cancelled' }]));
  expect(model.doStreamCalls[0]?.abortSignal?.aborted).toBe(true);
});
