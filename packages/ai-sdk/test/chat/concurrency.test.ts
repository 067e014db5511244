import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import { lastAssistantMessageIsCompleteWithToolCalls, type ToolSet } from 'ai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { answer, call, calls, createModel, createTap } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('a chat reads each answer once, however its own questions overlap', async () => {
  const scene = createScene();
  const [first, second] = [createTap(), createTap()];
  await scene.agent({ model: createModel(first, second) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = [laptop.chat.sendMessage({ text: 'q1' })];
  first.say('a1');
  await soon(() => expect(phone.chat.status).toBe('streaming'));
  sent.push(laptop.chat.sendMessage({ text: 'q2' }));
  await soon(() => expect(lines(phone)).toEqual(['user: q1', 'assistant: a1', 'user: q2']));
  first.end();
  second.say('a2');
  await soon(() => {
    expect(lines(laptop).at(-1)).toBe('assistant: a2');
    expect(phone.chat.status).toBe('streaming');
  });
  second.end();
  await Promise.all(sent);
  await settled(laptop, phone);
  expect(laptop.finishes.map(({ message }) => message.parts.at(-1))).toMatchObject([
    { text: 'a1' },
    { text: 'a2' },
  ]);
  await soon(() => expect(phone.finishes).toHaveLength(2));
});

test('a tool of an answer that was asked for while another one streamed runs once', async () => {
  const scene = createScene();
  const first = createTap();
  const tools: ToolSet = { locate: { inputSchema: z.object({}) } };
  await scene.agent({ model: createModel(first, calls(call('locate', {})), answer('Here.')), tools });
  let ran = 0;
  const laptop = await scene.tab({
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall({ toolName, toolCallId }, chat) {
      ran += 1;
      void chat.addToolOutput({ tool: toolName, toolCallId, output: 'here' });
    },
  });
  const phone = await scene.tab();
  const sent = [laptop.chat.sendMessage({ text: 'q1' })];
  first.say('a1');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: a1'));
  sent.push(laptop.chat.sendMessage({ text: 'where?' }));
  await soon(() => expect(lines(laptop).at(-1)).toBe('user: where?'));
  first.end();
  await Promise.all(sent);
  await settled(laptop, phone);
  expect(ran).toBe(1);
  expect(lines(phone).slice(-2)).toEqual(['user: where?', 'assistant: [output-available]Here.']);
});

test("somebody who writes while another's answer streams sees both", async () => {
  const scene = createScene();
  const [first, second] = [createTap(), createTap()];
  await scene.agent({ model: createModel(first, second) });
  const [ada, bob] = [await scene.tab({ user: 'ada' }), await scene.tab({ user: 'bob' })];
  const asked = ada.chat.sendMessage({ text: 'from ada' });
  first.say('dear ada');
  await soon(() => expect(lines(bob)).toEqual(['user: from ada', 'assistant: dear ada']));
  const also = bob.chat.sendMessage({ text: 'from bob' });
  first.say(', hello');
  await soon(() =>
    expect(lines(bob)).toEqual(['user: from ada', 'assistant: dear ada, hello', 'user: from bob']),
  );
  first.end();
  second.say('dear bob');
  second.end();
  await Promise.all([asked, also]);
  await settled(ada, bob);
  expect(lines(ada)).toEqual([
    'user: from ada',
    'assistant: dear ada, hello',
    'user: from bob',
    'assistant: dear bob',
  ]);
});

test('one may not stop what another asked for, and nothing breaks by trying', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [ada, bob] = [await scene.tab({ user: 'ada' }), await scene.tab({ user: 'bob' })];
  const asked = ada.chat.sendMessage({ text: 'from ada' });
  tap.say('dear ');
  await soon(() => expect(lines(bob).at(-1)).toBe('assistant: dear '));
  await bob.sync?.stop();
  tap.say('ada');
  tap.end();
  await asked;
  await settled(ada, bob);
  expect(lines(bob)).toEqual(['user: from ada', 'assistant: dear ada']);
});

test('a stop that races with the end leaves both tabs at rest', async () => {
  for (let round = 0; round < 10; round += 1) {
    const scene = createScene();
    const tap = createTap();
    await scene.agent({ model: createModel(tap) });
    const [laptop, phone] = [await scene.tab(), await scene.tab()];
    const sent = laptop.chat.sendMessage({ text: 'count' });
    tap.say('one ');
    await soon(() => expect(lines(phone).at(-1)).toBe('assistant: one '));
    tap.end();
    for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
    await phone.sync?.stop();
    await sent;
    await settled(laptop, phone);
    expect(lines(laptop)).toEqual(['user: count', 'assistant: one ']);
  }
});

test('a question that is asked offline is shown, and answered once the network is back', async () => {
  const scene = createScene();
  const model = createModel(answer('Hello.'));
  await scene.agent({ model });
  let network: FaultyChannels | undefined;
  const laptop = await scene.tab({ over: (channels) => (network = withFaults(channels, { seed: 1 })) });
  const phone = await scene.tab();
  const heal = network?.cut();
  const sent = laptop.chat.sendMessage({ text: 'hello' });
  await soon(() => expect(laptop.session.snapshot.status).toBe('offline'));
  expect(lines(laptop)).toEqual(['user: hello']);
  expect(laptop.chat.status).toBe('submitted');
  expect(lines(phone)).toEqual([]);
  heal?.();
  await sent;
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: hello', 'assistant: Hello.']);
  expect(model.doStreamCalls).toHaveLength(1);
});

test('chat.stop() settles offline, and takes nothing back', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  let network: FaultyChannels | undefined;
  const laptop = await scene.tab({
    synced: false,
    over: (channels) => (network = withFaults(channels, { seed: 1 })),
  });
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: one '));
  const heal = network?.cut();
  await laptop.chat.stop();
  await sent;
  expect(laptop.chat.status).toBe('ready');
  heal?.();
  tap.say('two');
  tap.end();
  await soon(() => expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]));
});

test('an answer that grew while its page was offline is whole when it is back', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  let network: FaultyChannels | undefined;
  const laptop = await scene.tab({ over: (channels) => (network = withFaults(channels, { seed: 1 })) });
  const sent = laptop.chat.sendMessage({ text: 'count' });
  tap.say('one ');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: one '));
  const heal = network?.cut();
  tap.say('two ');
  tap.end();
  const phone = await scene.tab();
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: one two '));
  expect(lines(laptop).at(-1)).toBe('assistant: one ');
  heal?.();
  await sent;
  await settled(laptop, phone);
  expect(laptop.finishes).toMatchObject([{ isAbort: false, isError: false, isDisconnect: false }]);
});

test('an agent that stops in mid-answer is replaced, and every chat goes on with the new answer', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap, answer('Whole.'));
  const first = await scene.agent({ model, leaseMs: 200 });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage({ text: 'hello' });
  tap.say('Half');
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: Half'));
  await first.close({ drainMs: 0 });
  await scene.agent({ model, leaseMs: 200 });
  await sent;
  // What can't be taken back in place is a lost network for the chat, which reads the message again.
  await soon(() => expect(lines(laptop)).toEqual(['user: hello', 'assistant: Whole.']));
  await settled(laptop, phone);
});
