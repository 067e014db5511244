import { expect, test } from 'vitest';
import { answer, createModel, createTap } from '../model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('a question and its answer show on every device, and all come to rest', async () => {
  const scene = createScene();
  const model = createModel(answer('Hello Ada.'), answer('Fine.'));
  await scene.agent({ model });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage('Hello');
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: Hello', 'assistant: Hello Ada.']);
  await phone.chat.sendMessage('How are you?');
  await settled(laptop, phone);
  expect(lines(laptop).slice(2)).toEqual(['user: How are you?', 'assistant: Fine.']);
  expect(model.prompts).toHaveLength(2);
});

test('an answer streams to whoever watches, and to whoever joins late', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage('count');
  tap.say('one ');
  await soon(() => expect(lines(phone)).toEqual(['user: count', 'assistant: one ']));
  await soon(() => expect(phone.chat.getSessionGenerating()).toBe(true));
  const tablet = await scene.tab();
  tap.say('two ');
  await soon(() => expect(lines(tablet)).toEqual(['user: count', 'assistant: one two ']));
  tap.end();
  await sent;
  await settled(laptop, phone, tablet);
  expect(laptop.finishes).toHaveLength(1);
});

test('a watcher returns to ready after every answer, and hears of each', async () => {
  const scene = createScene();
  const taps = [createTap(), createTap(), createTap()];
  await scene.agent({ model: createModel(...taps) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  for (const [at, tap] of taps.entries()) {
    const sent = laptop.chat.sendMessage(`q${at}`);
    tap.say(`a${at}`);
    await soon(() => expect(lines(phone).at(-1)).toBe(`assistant: a${at}`));
    tap.say(' more');
    await soon(() => expect(lines(phone).at(-1)).toBe(`assistant: a${at} more`));
    tap.end();
    await sent;
    await settled(laptop, phone);
    expect(phone.finishes).toHaveLength(at + 1);
  }
});
