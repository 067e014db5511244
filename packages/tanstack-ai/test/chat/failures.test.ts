import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import { toolDefinition, maxIterations, chat } from '@tanstack/ai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { answer, begin, calls, createModel, createTap, end, toolCall } from '../model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

const weather = toolDefinition({ name: 'weather', description: 'w', inputSchema: z.object({}) });

test('a run that ends in tool_calls ends all the same', async () => {
  const scene = createScene();
  const model = createModel(calls(toolCall('weather', {})));
  await scene.agent({
    async stream(run) {
      const { abortController } = run;
      const tools = [weather.server(() => 'sunny')];
      const agentLoopStrategy = maxIterations(1);
      return chat({
        adapter: model.adapter,
        tools,
        messages: await run.prompt(),
        agentLoopStrategy,
        abortController,
        debug: false,
      });
    },
  });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage('weather?');
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: weather?', 'assistant: [complete]']);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
});

test('a stream that just stops leaves no call and no chat open', async () => {
  const scene = createScene();
  await scene.agent({
    model: createModel(),
    async *stream() {
      for (const event of [begin, ...toolCall('weather', {})]) yield event as never;
    },
  });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage('weather?');
  await settled(laptop, phone);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
  expect(lines(phone)).toEqual(['user: weather?', 'assistant: [error]']);
});

test.each([
  ['throws before anything', [new Error('key sk-secret is not valid')]],
  [
    'throws in mid-answer',
    [...answer('Half an answer').slice(0, 3), new Error('key sk-secret is not valid')],
  ],
  [
    'reports an error',
    [begin, { type: 'RUN_ERROR', message: 'key sk-secret is not valid', rawEvent: 'sk-secret' }, end()],
  ],
])('a provider that %s: the asker is told, and no more than it may know', async (_what, reply) => {
  const scene = createScene();
  await scene.agent({
    model: createModel(reply, answer('Better.')),
    describeError: () => 'The model is tired.',
  });
  const [laptop, phone] = [await scene.tab(), await scene.tab({ user: 'bob' })];
  await laptop.chat.sendMessage('hello');
  await soon(() => expect(laptop.chat.getStatus()).toBe('error'));
  expect(laptop.errors).toMatchObject([{ message: 'The model is tired.' }]);
  await soon(() => expect(phone.chat.getSessionGenerating()).toBe(false));
  expect(phone.errors).toEqual([]);
  expect(phone.chat.getStatus()).toBe('ready');
  const { messages } = await scene.connect('eve').channel(scene.name).history();
  expect(JSON.stringify(messages)).not.toContain('sk-secret');
  await laptop.chat.sendMessage('hello?');
  await settled(laptop, phone);
  expect(lines(phone).at(-1)).toBe('assistant: Better.');
});

test('what is sent offline is shown, sent once, and answered when the network is back', async () => {
  const scene = createScene();
  const model = createModel(answer('Hello.'));
  await scene.agent({ model });
  let network: FaultyChannels | undefined;
  const laptop = await scene.tab({ over: (channels) => (network = withFaults(channels, { seed: 1 })) });
  const phone = await scene.tab();
  const heal = network?.cut();
  const sent = laptop.chat.sendMessage('hello');
  await soon(() => expect(laptop.session.snapshot.status).toBe('offline'));
  expect(lines(laptop)).toEqual(['user: hello']);
  expect(laptop.chat.getIsLoading()).toBe(true);
  expect(lines(phone)).toEqual([]);
  heal?.();
  await sent;
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: hello', 'assistant: Hello.']);
  expect(model.prompts).toHaveLength(1);
});

test('an agent that stops in mid-answer is replaced, and every chat shows the new answer in place', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(tap, answer('Whole.'));
  const first = await scene.agent({ model, leaseMs: 200 });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage('hello');
  tap.say('Half');
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: Half'));
  await first.close({ drainMs: 0 });
  await scene.agent({ model, leaseMs: 200 });
  await sent;
  await settled(laptop, phone);
  expect(lines(laptop)).toEqual(['user: hello', 'assistant: Whole.']);
});

test('the session is closed: the chat is told', async () => {
  const scene = createScene();
  const laptop = await scene.tab();
  await soon(() => expect(laptop.chat.getConnectionStatus()).toBe('connected'));
  await laptop.session.close();
  await soon(() => expect(laptop.chat.getConnectionStatus()).toBe('error'));
  expect(laptop.chat.getError()).toMatchObject({ code: 'closed' });
});
