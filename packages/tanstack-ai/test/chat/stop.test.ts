import { expect, test } from 'vitest';
import { answer, createModel, createTap } from '../model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('a run is cancelled from a device that did not start it', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage('count');
  tap.say('one ');
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: one '));
  await phone.connection.cancel();
  await sent;
  await settled(laptop, phone);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'cancelled' }]);
  expect(lines(laptop)).toEqual(['user: count', 'assistant: one ']);
  expect(laptop.errors).toEqual([]);
});

test('stop only detaches: the answer is written on, and the chat follows it', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const laptop = await scene.tab();
  const sent = laptop.chat.sendMessage('count');
  tap.say('one ');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: one '));
  laptop.chat.stop();
  await sent;
  expect(laptop.chat.getIsLoading()).toBe(false);
  tap.say('two');
  tap.end();
  await settled(laptop);
  expect(lines(laptop)).toEqual(['user: count', 'assistant: one two']);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
});

test('stop cancels where the page says so', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [laptop, phone] = [await scene.tab({ abortMeansCancel: true }), await scene.tab()];
  const sent = laptop.chat.sendMessage('count');
  tap.say('one ');
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: one '));
  laptop.chat.stop();
  await sent;
  await settled(laptop, phone);
  expect(phone.session.snapshot.runs).toMatchObject([{ status: 'cancelled' }]);
});

test('an answer is asked for again, and the old one is gone on every device', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(answer('Old.'), tap) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage('hello');
  await settled(laptop, phone);
  const again = laptop.chat.reload();
  await soon(() => expect(lines(phone)).toEqual(['user: hello']));
  tap.say('New.');
  tap.end();
  await again;
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: hello', 'assistant: New.']);
});

test('what a chat clears by itself is still the session, and shows again', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('One.'), answer('Two.')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage('hello');
  await settled(laptop, phone);
  laptop.chat.clear();
  await phone.chat.sendMessage('again');
  await settled(laptop, phone);
  expect(lines(laptop)).toHaveLength(4);
});
