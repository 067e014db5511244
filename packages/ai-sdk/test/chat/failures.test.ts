import { expect, test, vi } from 'vitest';
import { answer, createModel, createTap, finish, type ModelPart, type Reply } from './model.ts';
import { createScene, lines, settled, soon, type AgentSetup } from './scene.ts';

const SECRET = new Error('the key is sk-1234');
const SAID: readonly ModelPart[] = [
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'Well, ' },
];
const failing = (...parts: readonly ModelPart[]): Reply => {
  const tap = createTap();
  tap.push(...parts);
  queueMicrotask(() => tap.fail(SECRET));
  return tap;
};

const failures: readonly (readonly [string, () => AgentSetup])[] = [
  [
    'the provider reports an error',
    () => ({ model: createModel([{ type: 'error', error: SECRET }, finish('error')]) }),
  ],
  [
    'the provider reports an error in mid-answer',
    () => ({ model: createModel([...SAID, { type: 'error', error: SECRET }, finish('error')]) }),
  ],
  ['the model can not be called', () => ({ model: createModel(SECRET) })],
  ['the stream breaks', () => ({ model: createModel(failing(...SAID)) })],
  ['stream() throws', () => ({ stream: () => Promise.reject(SECRET) })],
  ['stream() returns something else', () => ({ stream: () => ({}) as never })],
];

test.each(failures)(
  '%s: the chat and the run end with an error that gives nothing away',
  async (_name, setup) => {
    const scene = createScene();
    const reported: unknown[] = [];
    await scene.agent({ ...setup(), onError: (error) => void reported.push(error) });
    const [laptop, phone] = [await scene.tab(), await scene.tab()];
    await laptop.chat.sendMessage({ text: 'hello' });
    expect(laptop.chat.status).toBe('error');
    expect(laptop.finishes).toMatchObject([{ isError: true, isDisconnect: false, isAbort: false }]);
    expect(laptop.errors.map(({ message }) => message)).toEqual(['An error occurred.']);
    await soon(() => {
      for (const { session } of [laptop, phone])
        expect(session.snapshot.runs).toMatchObject([{ status: 'error' }]);
    });
    await soon(() => expect(lines(phone)).toEqual(lines(laptop)));
    const { messages } = await scene.connect('ada').channel(scene.name).history();
    expect(JSON.stringify(messages)).not.toContain('1234');
  },
);

test("what a failure is called is the agent's to say", async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(SECRET), describeError: () => 'The model is having a rest.' });
  const laptop = await scene.tab();
  await laptop.chat.sendMessage({ text: 'hello' });
  expect(laptop.chat.error?.message).toBe('The model is having a rest.');
  await soon(() => expect(laptop.session.snapshot.runs[0]?.reason).toBe('The model is having a rest.'));
});

test.each([
  ['before anything was said', SECRET],
  ['in mid-answer', [...SAID, { type: 'error', error: SECRET }, finish('error')]],
] as const)('sendMessage() after an error %s asks again', async (_name, failure: Reply) => {
  const scene = createScene();
  const model = createModel(failure, answer('Hello.'));
  await scene.agent({ model });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'hello' });
  expect(laptop.chat.status).toBe('error');
  await laptop.chat.sendMessage();
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: hello', 'assistant: Hello.']);
  expect(model.doStreamCalls).toHaveLength(2);
});

test('without synchronisation too, sendMessage() after an error leaves nothing of it', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(SECRET, answer('Hello.')) });
  const laptop = await scene.tab({ synced: false });
  await laptop.chat.sendMessage({ text: 'hello' });
  expect(laptop.chat.status).toBe('error');
  await laptop.chat.sendMessage();
  expect(laptop.chat.status).toBe('ready');
  expect(lines(laptop)).toEqual(['user: hello', 'assistant: Hello.']);
});

test('regenerate() after an error asks again', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(SECRET, answer('Hello.')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'hello' });
  await laptop.chat.regenerate();
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: hello', 'assistant: Hello.']);
});

test('an answer that failed long ago does not disturb who opens the session', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(SECRET, answer('Hello.')) });
  const laptop = await scene.tab();
  await laptop.chat.sendMessage({ text: 'hello' });
  const phone = await scene.tab();
  await soon(() => expect(lines(phone)).toEqual(['user: hello']));
  expect(phone.chat.status).toBe('ready');
  expect(phone.errors).toEqual([]);
  await phone.chat.sendMessage({ text: 'hello?' });
  laptop.chat.clearError();
  await settled(phone, laptop);
});

test('a message that is too large is refused, and the chat goes on', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('Better.')) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const { maxMessageBytes } = laptop.channels.channel(scene.name).features;
  await laptop.chat.sendMessage({ text: 'x'.repeat(maxMessageBytes + 1) });
  expect(laptop.chat.status).toBe('error');
  expect(laptop.chat.error).toMatchObject({ code: 'too_large' });
  expect(laptop.finishes).toMatchObject([{ isError: true, isDisconnect: false }]);
  // It stays to be seen, and sent again.
  expect(laptop.chat.messages).toHaveLength(1);
  await laptop.chat.sendMessage({ text: 'in short' });
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: in short', 'assistant: Better.']);
});

test('a session that is lost is a lost network for the chat', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const laptop = await scene.tab();
  const sent = laptop.chat.sendMessage({ text: 'hello' });
  tap.say('Well, ');
  await soon(() => expect(lines(laptop)).toEqual(['user: hello', 'assistant: Well, ']));
  await laptop.channels.close();
  await sent;
  expect(laptop.finishes).toMatchObject([{ isError: true, isDisconnect: true }]);
  expect(laptop.chat.error).toBeInstanceOf(TypeError);
  expect(lines(laptop)).toEqual(['user: hello', 'assistant: Well, ']);
  // Nothing is tried again on what is closed for good.
  await laptop.chat.sendMessage({ text: 'hello?' });
  expect(laptop.finishes).toMatchObject([{ isDisconnect: true }, { isDisconnect: true }]);
});

test('a session that is closed with a message under way is a lost network too', async () => {
  const scene = createScene();
  const laptop = await scene.tab();
  const sent = laptop.chat.sendMessage({ text: 'hello' });
  await soon(() => expect(laptop.chat.status).toBe('submitted'));
  await laptop.session.close();
  await sent;
  expect(laptop.finishes).toMatchObject([{ isError: true, isDisconnect: true }]);
});

test('a closed session is not resumed over and over', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const scene = createScene();
    await scene.agent({ model: createModel(createTap()) });
    const laptop = await scene.tab();
    const sent = laptop.chat.sendMessage({ text: 'hello' });
    await vi.advanceTimersByTimeAsync(100);
    await laptop.session.close();
    await sent;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(laptop.errors).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
