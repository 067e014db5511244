import { expect, test } from 'vitest';
import { answer, begin, createModel, createTap, end } from '../model.ts';
import { reasoning } from '../codec/streams.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test("the end of another's run resolves no send, and its text lands in no own message", async () => {
  const scene = createScene();
  const [first, second] = [createTap(), createTap()];
  await scene.agent({ model: createModel(first, second) });
  const [ada, bob] = [await scene.tab(), await scene.tab({ user: 'bob' })];
  const asked = ada.chat.sendMessage('from ada');
  first.say('dear ada');
  await soon(() => {
    expect(lines(bob)).toEqual(['user: from ada', 'assistant: dear ada']);
    expect(bob.chat.getSessionGenerating()).toBe(true);
  });
  let isAnswered = false;
  const also = bob.chat.sendMessage('from bob').then(() => (isAnswered = true));
  first.say(', hello');
  const both = ['user: from ada', 'assistant: dear ada, hello', 'user: from bob'];
  await soon(() => expect(lines(bob)).toEqual(both));
  first.end();
  await asked;
  second.say('dear bob');
  await soon(() => expect(lines(bob)).toEqual([...both, 'assistant: dear bob']));
  expect(isAnswered).toBe(false);
  expect(bob.chat.getIsLoading()).toBe(true);
  expect(bob.chat.getStatus()).not.toBe('ready');
  second.end();
  await also;
  await settled(ada, bob);
  expect(bob.finishes.at(-1)?.parts).toMatchObject([{ content: 'dear bob' }]);
});

test("who sends while another's answer thinks and calls a tool keeps both whole", async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap, answer('Yes.')) });
  const [ada, bob] = [await scene.tab(), await scene.tab({ user: 'bob' })];
  const asked = ada.chat.sendMessage('from ada');
  tap.push(begin, ...reasoning('s1', 'let me '));
  tap.push({ type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'lookup' });
  tap.push({ type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"query":' });
  await soon(() => expect(lines(bob).at(-1)).toBe('assistant: (let me )[input-streaming]'));
  const also = bob.chat.sendMessage('from bob');
  await soon(() => expect(lines(ada).at(-1)).toBe('user: from bob'));
  tap.push({ type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '"tides"}' });
  tap.push({ type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'see' });
  await soon(() => {
    expect(JSON.stringify(bob.chat.getMessages())).toContain(JSON.stringify('{"query":"tides"}'));
    expect(lines(bob)[1]).toBe('assistant: (let me see)[input-streaming]');
  });
  tap.push({ type: 'TOOL_CALL_END', toolCallId: 'c1' });
  tap.end();
  await Promise.all([asked, also]);
  await settled(ada, bob);
  expect(lines(bob).slice(2)).toEqual(['user: from bob', 'assistant: Yes.']);
});

test('two parallel answers, both with reasoning, stay apart on every device', async () => {
  const scene = createScene();
  const [first, second] = [createTap(), createTap()];
  await scene.agent({ model: createModel(first, second) });
  const [ada, bob] = [await scene.tab(), await scene.tab({ user: 'bob' })];
  const { run } = ada.session.send({ parts: [{ type: 'text', text: 'q1' }] }, { delivery: 'parallel' });
  await soon(() => expect(ada.session.run(run)?.status).toBe('active'));
  ada.session.send({ parts: [{ type: 'text', text: 'q2' }] }, { delivery: 'parallel' });
  first.push(begin, ...reasoning('s1', 'first '));
  await soon(() => expect(lines(bob).join()).toContain('(first )'));
  second.push(begin, ...reasoning('s1', 'second '));
  await soon(() => expect(lines(bob).join()).toContain('(second )'));
  first.push({ type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'thought' });
  second.push({ type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'thought' });
  first.say('one');
  second.say('two');
  first.end();
  second.end();
  await settled(ada, bob);
  expect(lines(bob)).toEqual([
    'user: q1',
    'assistant: (first thought)one',
    'user: q2',
    'assistant: (second thought)two',
  ]);
});

test('a model that calls its messages the same in every answer does not mix them up', async () => {
  const scene = createScene();
  const reply = [
    begin,
    { type: 'TEXT_MESSAGE_START', messageId: 'same', role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'same', delta: 'ok' },
    end(),
  ];
  await scene.agent({ model: createModel(reply) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage('one');
  await laptop.chat.sendMessage('two');
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: one', 'assistant: ok', 'user: two', 'assistant: ok']);
});

test('questions sent at once on two devices are both answered, and both chats come to rest', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('First.'), answer('Second.')) });
  const [ada, bob] = [await scene.tab(), await scene.tab({ user: 'bob' })];
  await Promise.all([ada.chat.sendMessage('one'), bob.chat.sendMessage('two')]);
  await settled(ada, bob);
  expect(lines(ada)).toHaveLength(4);
  expect(ada.errors).toEqual([]);
  expect(bob.errors).toEqual([]);
});
