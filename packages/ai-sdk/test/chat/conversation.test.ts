import { expect, test } from 'vitest';
import { answer, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('a question is answered, and both chats of two tabs show the same and are ready', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('Hello Ada, how are you?')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'hello' });
  expect(laptop.chat.status).toBe('ready');
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: hello', 'assistant: Hello Ada, how are you?']);
  expect(laptop.finishes).toMatchObject([
    { isAbort: false, isError: false, isDisconnect: false, finishReason: 'stop' },
  ]);
});

test('a third tab that opens in mid-stream gets the whole', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one two ');
  await soon(() => expect(lines(laptop)).toEqual(['user: count', 'assistant: one two ']));
  const tablet = await scene.tab();
  await soon(() => expect(lines(tablet)).toEqual(['user: count', 'assistant: one two ']));
  await soon(() => expect(tablet.chat.status).toBe('streaming'));
  tap.say('three');
  tap.end();
  await sent;
  await settled(laptop, phone, tablet);
  expect(lines(tablet)).toEqual(['user: count', 'assistant: one two three']);
});
