import { watchHealth } from '@holdfast/core';
import { isStepCount, lastAssistantMessageIsCompleteWithToolCalls, streamText, type ToolSet } from 'ai';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { answer, call, calls, createModel, createTap } from './model.ts';
import { createScene, json, lines, settled, soon, type TabOptions } from './scene.ts';

const tools: ToolSet = { locate: { description: 'Where the user is', inputSchema: z.object({}) } };

/** A page that runs its tool, as pages do. */
function runsTools(ran: string[], device: string): TabOptions {
  return {
    device,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall({ toolName, toolCallId }, chat) {
      ran.push(device);
      void chat.addToolOutput({ tool: toolName, toolCallId, output: { city: 'Lisbon' } });
    },
  };
}

test('a client tool suspends the run, runs once on the device that asked, and the run goes on once', async () => {
  const scene = createScene();
  const model = createModel(calls(call('locate', {})), answer('Take the tram.'));
  await scene.agent({ model, tools });
  const ran: string[] = [];
  const laptop = await scene.tab(runsTools(ran, 'laptop'));
  const phone = await scene.tab(runsTools(ran, 'phone'));
  await laptop.chat.sendMessage({ text: 'the way, please' });
  await settled(laptop, phone);
  expect(ran).toEqual(['laptop']);
  expect(lines(phone)).toEqual(['user: the way, please', 'assistant: [output-available]Take the tram.']);
  expect(model.doStreamCalls).toHaveLength(2);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
  // A reload finds the call settled.
  const reloaded = await scene.tab(runsTools(ran, 'laptop'));
  await settled(laptop, phone, reloaded);
  expect(ran).toEqual(['laptop']);
  expect(model.doStreamCalls).toHaveLength(2);
});

test('a client tool is not run by a page that watches the answer as it streams', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap, answer('Take the tram.')), tools });
  const ran: string[] = [];
  const laptop = await scene.tab(runsTools(ran, 'laptop'));
  const phone = await scene.tab(runsTools(ran, 'phone'));
  const sent = laptop.chat.sendMessage({ text: 'the way, please' });
  tap.say('Let me see. ');
  await soon(() => expect(phone.chat.status).toBe('streaming'));
  tap.push(...call('locate', {}));
  await soon(() => expect(lines(phone).at(-1)).toContain('Let me see. [input-'));
  tap.end();
  await sent;
  await settled(laptop, phone);
  expect(ran).toEqual(['laptop']);
  expect(phone.toolCalls).toEqual([]);
  expect(lines(phone).at(-1)).toBe('assistant: Let me see. [output-available]Take the tram.');
});

test('a reload in mid-stream does not run a tool that has its result', async () => {
  const scene = createScene();
  const tap = createTap();
  const model = createModel(calls(call('locate', {})), tap);
  await scene.agent({ model, tools });
  const ran: string[] = [];
  const laptop = await scene.tab(runsTools(ran, 'laptop'));
  const sent = laptop.chat.sendMessage({ text: 'the way, please' });
  tap.say('Take ');
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: [output-available]Take '));
  const reloaded = await scene.tab(runsTools(ran, 'laptop'));
  await soon(() => expect(lines(reloaded).at(-1)).toBe('assistant: [output-available]Take '));
  await soon(() => expect(reloaded.chat.status).toBe('streaming'));
  tap.say('the tram.');
  tap.end();
  await sent;
  await settled(laptop, reloaded);
  expect(ran).toEqual(['laptop']);
  expect(reloaded.toolCalls).toEqual([]);
  expect(model.doStreamCalls).toHaveLength(2);
});

test('two client tools in one step are both answered before the run goes on', async () => {
  const scene = createScene();
  const model = createModel(calls(call('locate', {}, 'c1'), call('locate', {}, 'c2')), answer('There.'));
  await scene.agent({ model, tools });
  const ran: string[] = [];
  const laptop = await scene.tab(runsTools(ran, 'laptop'));
  const phone = await scene.tab(runsTools(ran, 'phone'));
  await laptop.chat.sendMessage({ text: 'where?' });
  await settled(laptop, phone);
  expect(laptop.toolCalls).toEqual(['c1', 'c2']);
  expect(phone.toolCalls).toEqual([]);
  expect(lines(phone).at(-1)).toBe('assistant: [output-available][output-available]There.');
  expect(model.doStreamCalls).toHaveLength(2);
});

test('a client tool that is answered by hand, one call after the other, keeps what was answered', async () => {
  const scene = createScene();
  const model = createModel(calls(call('locate', {}, 'c1'), call('locate', {}, 'c2')), answer('There.'));
  await scene.agent({ model, tools });
  const laptop = await scene.tab({ sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls });
  const phone = await scene.tab();
  await laptop.chat.sendMessage({ text: 'where?' });
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: [input-available][input-available]'));
  await laptop.chat.addToolOutput({ tool: 'locate', toolCallId: 'c1', output: 1 });
  await phone.session.setState('something', 'else');
  await soon(() => expect(laptop.session.snapshot.state).toEqual({ something: 'else' }));
  expect(lines(laptop).at(-1)).toBe('assistant: [output-available][input-available]');
  await laptop.chat.addToolOutput({
    tool: 'locate',
    toolCallId: 'c2',
    state: 'output-error',
    errorText: 'no idea',
  });
  await settled(laptop, phone);
  expect(lines(phone).at(-1)).toBe('assistant: [output-available][output-error]There.');
  expect(JSON.stringify(model.doStreamCalls[1]?.prompt)).toContain('no idea');
});

test('a client tool is not answered by a device that it was not given to', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(calls(call('locate', {})), answer('There.')), tools });
  const sendAutomaticallyWhen = lastAssistantMessageIsCompleteWithToolCalls;
  const [laptop, phone] = [
    await scene.tab({ sendAutomaticallyWhen }),
    await scene.tab({ sendAutomaticallyWhen }),
  ];
  await laptop.chat.sendMessage({ text: 'where?' });
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: [input-available]'));
  await phone.chat.addToolOutput({ tool: 'locate', toolCallId: 'c1', output: 'elsewhere' });
  await soon(() => expect(phone.errors).toMatchObject([{ code: 'forbidden' }]));
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: [input-available]'));
  phone.chat.clearError();
  await laptop.chat.addToolOutput({ tool: 'locate', toolCallId: 'c1', output: 'here' });
  await settled(laptop, phone);
  expect(lines(phone).at(-1)).toBe('assistant: [output-available]There.');
});

test('a server tool is run by the agent alone, and a page that sends by itself does so for nothing', async () => {
  const scene = createScene();
  let ran = 0;
  const server: ToolSet = {
    weather: {
      inputSchema: z.object({ place: z.string() }),
      execute({ place }) {
        ran += 1;
        return `sun in ${place}`;
      },
    },
  };
  const model = createModel(calls(call('weather', { place: 'Lisbon' })));
  // The answer ends with the tool's result: to a page that looks as if it had to go on.
  await scene.agent({
    stream: async (run) =>
      streamText({ model, tools: server, messages: await run.prompt(), stopWhen: isStepCount(1) }),
  });
  const sendAutomaticallyWhen = lastAssistantMessageIsCompleteWithToolCalls;
  const laptop = await scene.tab({ sendAutomaticallyWhen });
  const phone = await scene.tab({ sendAutomaticallyWhen });
  await laptop.chat.sendMessage({ text: 'weather?' });
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: weather?', 'assistant: [output-available]']);
  expect(ran).toBe(1);
  expect(model.doStreamCalls).toHaveLength(1);
  expect(laptop.session.snapshot.runs).toHaveLength(1);
  expect(laptop.errors).toEqual([]);
  expect(laptop.finishes).toHaveLength(2);
});

test('a tool that fails shows its error, and the answer goes on', async () => {
  const scene = createScene();
  const server: ToolSet = {
    weather: { inputSchema: z.object({}), execute: () => Promise.reject(new Error('no wind today')) },
  };
  await scene.agent({ model: createModel(calls(call('weather', {})), answer('Sorry.')), tools: server });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'weather?' });
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: weather?', 'assistant: [output-error]Sorry.']);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
});

test('what a tool yields shows on every device as it comes, and it is said all the time which tool is used', async () => {
  const scene = createScene();
  let goOn = (): void => {};
  const server: ToolSet = {
    render: {
      inputSchema: z.object({}),
      async *execute() {
        for (const percent of [10, 60]) {
          yield { percent };
          await new Promise<void>((resolve) => (goOn = resolve));
        }
        yield { percent: 100, url: 'https://example.com/picture' };
      },
    },
  };
  const model = createModel(calls(call('render', {})), answer('There it is.'));
  await scene.agent({ model, tools: server, leaseMs: 60 });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const health = watchHealth(phone.session);
  onTestFinished(() => health.close());
  const sent = laptop.chat.sendMessage({ text: 'draw' });
  const shown = (percent: number, preliminary: boolean) =>
    soon(() => {
      for (const { chat } of [laptop, phone])
        expect(chat.messages.at(-1)?.parts.find((part) => 'toolCallId' in part)).toMatchObject({
          state: 'output-available',
          output: { percent },
          ...(preliminary && { preliminary }),
        });
    });
  await shown(10, true);
  const [run] = phone.session.snapshot.runs;
  const state = run && (() => health.of(run.id)?.state);
  await soon(() => expect(state?.()).toEqual({ doing: 'calling', tool: 'render' }));
  // Who comes now sees what there is.
  const late = await scene.tab();
  await soon(() => expect(json(late.chat.messages)).toEqual(json(laptop.chat.messages)));
  goOn();
  await shown(60, true);
  await soon(() => expect(state?.()).toEqual({ doing: 'calling', tool: 'render' }));
  goOn();
  await sent;
  await settled(laptop, phone, late);
  await shown(100, false);
  expect(model.doStreamCalls).toHaveLength(2);
});
