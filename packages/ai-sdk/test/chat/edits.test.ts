import { expect, test } from 'vitest';
import { answer, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('regenerate() without an id answers the last question again, on every device', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('first'), answer('second')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'hello' });
  await settled(laptop, phone);
  await laptop.chat.regenerate();
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: hello', 'assistant: second']);
  expect(laptop.session.snapshot.messages[1]?.siblings).toHaveLength(2);
});

test('regenerate() of an earlier answer cuts what came after it, also where it is only watched', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('a1'), answer('a2'), answer('a3')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'q1' });
  await laptop.chat.sendMessage({ text: 'q2' });
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: q1', 'assistant: a1', 'user: q2', 'assistant: a2']);
  const messageId = laptop.chat.messages[1]?.id ?? '';
  await laptop.chat.regenerate({ messageId });
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: q1', 'assistant: a3']);
});

test('an edit replaces its message and all that came after it, on every device', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('a1'), answer('a2'), answer('a3')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'q1' });
  await laptop.chat.sendMessage({ text: 'q2' });
  await settled(laptop, phone);
  const messageId = phone.chat.messages[0]?.id ?? '';
  await phone.chat.sendMessage({ text: 'better q1', messageId });
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: better q1', 'assistant: a3']);
  expect(laptop.session.snapshot.messages[0]?.siblings).toHaveLength(2);
});

test('an edit in mid-answer stops the answer that it cuts off', async () => {
  const scene = createScene();
  const tap = createTap();
  const other = createTap();
  const model = createModel(tap, other);
  await scene.agent({ model });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = [laptop.chat.sendMessage({ text: 'q1' })];
  tap.say('worse');
  await soon(() => expect(lines(phone)).toEqual(['user: q1', 'assistant: worse']));
  const messageId = laptop.chat.messages[0]?.id ?? '';
  sent.push(laptop.chat.sendMessage({ text: 'q2', messageId }));
  other.say('better');
  await soon(() => {
    for (const tab of [laptop, phone]) {
      expect(lines(tab)).toEqual(['user: q2', 'assistant: better']);
      expect(tab.chat.status).toBe('streaming');
    }
  });
  other.end();
  await Promise.all(sent);
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: q2', 'assistant: better']);
  expect(model.doStreamCalls[0]?.abortSignal?.aborted).toBe(true);
});

test('an answer that is written anew is gone at once, everywhere', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(answer('a1'), answer('a2'), tap) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'q1' });
  await laptop.chat.sendMessage({ text: 'q2' });
  await settled(laptop, phone);
  const again = laptop.chat.regenerate({ messageId: laptop.chat.messages[1]?.id ?? '' });
  // The model has said nothing yet.
  await soon(() => {
    expect(laptop.session.snapshot.runs.at(-1)?.status).toBe('active');
    for (const tab of [laptop, phone]) expect(lines(tab)).toEqual(['user: q1']);
  });
  tap.say('a3');
  tap.end();
  await again;
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: q1', 'assistant: a3']);
});

test('regenerate() in mid-answer stops the answer that it replaces', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap, answer('better'));
  await scene.agent({ model });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage({ text: 'q1' });
  tap.say('worse');
  await soon(() => expect(lines(phone)).toEqual(['user: q1', 'assistant: worse']));
  await Promise.all([sent, laptop.chat.regenerate()]);
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: q1', 'assistant: better']);
  expect(model.doStreamCalls[0]?.abortSignal?.aborted).toBe(true);
});

test('a question sent while the last one is being answered waits for its turn', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap, answer('a2')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const first = laptop.chat.sendMessage({ text: 'q1' });
  // Before there is anything of the answer.
  await soon(() => expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'active' }]));
  const second = laptop.chat.sendMessage({ text: 'q2' });
  tap.say('a1');
  await soon(() => expect(lines(phone)).toEqual(['user: q1', 'assistant: a1', 'user: q2']));
  tap.end();
  await Promise.all([first, second]);
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: q1', 'assistant: a1', 'user: q2', 'assistant: a2']);
});

test('two tabs that write at once are answered one after the other', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('a1'), answer('a2')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await Promise.all([laptop.chat.sendMessage({ text: 'q1' }), phone.chat.sendMessage({ text: 'q2' })]);
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: q1', 'assistant: a1', 'user: q2', 'assistant: a2']);
});
