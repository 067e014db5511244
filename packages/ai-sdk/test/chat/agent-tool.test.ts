import { readDelegation, runTree } from '@holdfast/core/agents';
import { isStepCount, streamText } from 'ai';
import { expect, test } from 'vitest';
import { agentTool } from '../../src/agent.ts';
import { answer, call, calls, createModel } from './model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('a model asks other agents by a tool: they answer beside it, and a chat has one turn of it', async () => {
  const scene = createScene();
  const model = createModel(
    calls(call('reader', { task: 'tides', label: 'Tides' }), call('reader', { task: 'fail' }, 'c2')),
    answer('The sea moves.'),
  );
  await scene.agent({
    stream: async (run) =>
      streamText({
        model,
        tools: { reader: agentTool(run, { to: 'reader', description: 'Reads about something' }) },
        messages: await run.prompt(),
        abortSignal: run.signal,
        stopWhen: isStepCount(3),
        onError() {},
      }),
  });
  const reader = createModel(answer('Twice a day.'), answer('Twice a day.'));
  await scene.agent({
    channels: scene.connect('reader', 'agent'),
    name: 'reader',
    answers: 'addressed',
    describeError: () => 'no such book',
    async stream(run) {
      const messages = await run.prompt();
      if (JSON.stringify(messages).includes('fail')) throw new Error('no');
      return streamText({ model: reader, messages, abortSignal: run.signal });
    },
  });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'Why are there tides?' });
  await settled(laptop, phone);
  expect(lines(phone)).toEqual([
    'user: Why are there tides?',
    'assistant: [output-available][output-error]The sea moves.',
  ]);
  const [top] = runTree(phone.session);
  await soon(() => expect(top?.subRuns.map(({ run }) => run.status)).toEqual(['complete', 'error']));
  const parts = phone.chat.messages[1]?.parts ?? [];
  expect(
    parts.find((part) => part.type === 'tool-reader' && part.state === 'output-available'),
  ).toMatchObject({
    output: { run: top?.subRuns[0]?.run.id, text: 'Twice a day.' },
  });
  expect(parts.find((part) => part.type === 'tool-reader' && part.state === 'output-error')).toMatchObject({
    errorText: expect.stringContaining('An error occurred'),
  });
  // A page finds where in the answer each was asked.
  expect(parts.filter(({ type }) => type === 'data-delegation')).toHaveLength(2);
  expect(top?.answer?.parts.flatMap((part) => readDelegation(part)?.label ?? [])).toEqual(['Tides']);
});

test('a chat may be with one of several agents', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('I am the first.')) });
  await scene.agent({
    channels: scene.connect('expert', 'agent'),
    name: 'expert',
    answers: 'addressed',
    model: createModel(answer('I am the expert.'), answer('Still the expert.')),
  });
  const laptop = await scene.tab({ to: 'expert' });
  await laptop.chat.sendMessage({ text: 'Who are you?' });
  await settled(laptop);
  await laptop.chat.regenerate();
  await settled(laptop);
  expect(lines(laptop)).toEqual(['user: Who are you?', 'assistant: Still the expert.']);
  expect(laptop.session.snapshot.runs.map(({ agent }) => agent?.name)).toEqual(['expert', 'expert']);
});
