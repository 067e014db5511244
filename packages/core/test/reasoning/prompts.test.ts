import type { Channel, Channels } from '@holdfast/channel';
import { createAgent, type Agent, type AgentOptions } from '@holdfast/core';
import { openReasoning, reasoningLane } from '@holdfast/core/reasoning';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createScene, ended, until, type Scene } from '../scene.ts';
import { said } from '../text-codec.ts';
import {
  createMind,
  partsOf,
  thoughtCodec,
  type Mind,
  type ThoughtChunk,
  type ThoughtPrompt,
} from './thought-codec.ts';

type Options = AgentOptions<ThoughtChunk, ThoughtPrompt>;

async function openAgent(scene: Scene, options: Partial<Options> & Pick<Options, 'run'>): Promise<Agent> {
  const agent = createAgent<ThoughtChunk, ThoughtPrompt>({
    channels: scene.connect('bot', 'agent'),
    name: 'bot',
    codec: thoughtCodec,
    reasoning: 'threaded',
    onError() {},
    ...options,
  });
  onTestFinished(() => agent.close({ drainMs: 0 }));
  await agent.attend(scene.name);
  return agent;
}

/** Channels that count how often history beside the session is read. */
function counting(channels: Channels): { readonly channels: Channels; readonly reads: Map<string, number> } {
  const reads = new Map<string, number>();
  const counted = (channel: Channel): Channel => ({
    ...channel,
    get features() {
      return channel.features;
    },
    history(...given) {
      if (channel.name.includes(':open:')) reads.set(channel.name, (reads.get(channel.name) ?? 0) + 1);
      return channel.history(...given);
    },
  });
  return { reads, channels: { ...channels, channel: (name) => counted(channels.channel(name)) } };
}

function ready(text: string): Mind {
  const mind = createMind();
  mind.think(`${text} thought`);
  mind.thought(`${text} signature`);
  mind.say(`${text} answer`);
  mind.end();
  return mind;
}

test('prompts have what was thought, whole: each response beside the session is read once in a run', async () => {
  const scene = createScene();
  const prompts: ThoughtPrompt[] = [];
  const { channels, reads } = counting(scene.connect('bot', 'agent'));
  let turn = 0;
  await openAgent(scene, {
    channels,
    async run(run) {
      turn += 1;
      prompts.push(await run.prompt());
      await run.pipe(ready(`${turn}.`).chunks);
      prompts.push(await run.prompt());
    },
  });
  const device = await scene.device();
  for (const text of ['one', 'two', 'three']) await ended(device, device.send({ parts: said(text) }).run);
  const last = prompts.at(-1)?.filter(({ role }) => role === 'assistant');
  expect(last?.map(({ parts }) => parts.slice(0, 1))).toEqual(
    ['1.', '2.', '3.'].map((text) => [
      {
        type: 'reasoning',
        n: 0,
        text: `${text} thought`,
        state: 'done',
        pm: { signature: `${text} signature` },
      },
    ]),
  );
  // Of its own it has the text, and what it has read it keeps.
  expect([...reads.values()].toSorted((a, b) => a - b)).toEqual([1, 2]);
});

test('what has expired, or is not as long as the log says, keeps its thread, so that prompts can leave it out', async () => {
  const scene = createScene();
  const prompts: ThoughtPrompt[] = [];
  const channels = scene.connect('bot', 'agent');
  await openAgent(scene, {
    channels,
    async run(run) {
      prompts.push(await run.prompt());
      await run.pipe(ready('A').chunks);
    },
  });
  const device = await scene.device();
  const { run } = device.send({ parts: said('one') });
  await ended(device, run);
  const lane = channels.channel(reasoningLane(scene.name, run));
  const [message] = (await lane.history()).messages;
  if (message === undefined) throw new Error('nothing was written');
  await lane.publish({ action: 'update', serial: message.serial, draft: { data: 'A tho' } });
  await ended(device, device.send({ parts: said('two') }).run);
  await lane.publish({ action: 'delete', serial: message.serial });
  await ended(device, device.send({ parts: said('three') }).run);
  const unread = { type: 'reasoning', text: '', thread: [message.id], length: 9 };
  expect(prompts[1]?.[1]?.parts[0]).toMatchObject(unread);
  expect(prompts[2]?.[1]?.parts[0]).toMatchObject(unread);
  expect(prompts[2]?.[3]?.parts[0]).toMatchObject({ text: 'A thought' });
});

test('P9 what a restart takes back was never thought: who reads on sees what the next process thinks', async () => {
  const scene = createScene();
  const [first, second] = [createMind(), createMind()];
  const dead = await openAgent(scene, { leaseMs: 60_000, run: (run) => run.pipe(first.chunks) });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  first.think('Wrong, ');
  await until(device, () => device.log(run).includes('"thread"'));
  const reasoning = openReasoning({ channels: scene.connect('ada'), session: device, of: { run } });
  onTestFinished(() => reasoning.close());
  await vi.waitFor(() => expect(reasoning.snapshot.parts[0]?.text).toBe('Wrong, '));
  await dead.close({ drainMs: 0 });
  await openAgent(scene, { leaseMs: 60, run: (each) => each.pipe(second.chunks) });
  await until(device, () => device.run(run)?.attempts === 2);
  second.think('Right.');
  second.thought();
  second.end();
  first.think('all of it.');
  await ended(device, run);
  await vi.waitFor(() =>
    expect(reasoning.snapshot.parts).toEqual([{ text: 'Right.', length: 6, state: 'done', isWhole: true }]),
  );
});

test('P9 who goes on keeps thoughts that are done, begins an open one anew, and reads nothing beside the session', async () => {
  const scene = createScene();
  const [first, second] = [createMind(), createMind()];
  const dead = await openAgent(scene, { leaseMs: 60_000, run: (run) => run.pipe(first.chunks) });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  first.think('One.');
  first.thought();
  first.say('Well, ');
  first.think('Two, half');
  await until(device, () => device.log(run).split('"thread"').length === 3);
  await dead.close({ drainMs: 0 });
  const { channels, reads } = counting(scene.connect('bot', 'agent'));
  let prompt: ThoughtPrompt = [];
  await openAgent(scene, {
    channels,
    leaseMs: 60,
    onTakeover: 'continue',
    async run(each) {
      await each.pipe(second.chunks);
      expect([...reads]).toEqual([]);
      prompt = await each.prompt();
    },
  });
  await until(device, () => device.run(run)?.attempts === 2);
  second.think('Three.');
  second.thought();
  second.say('now.');
  second.end();
  await ended(device, run);
  expect(device.run(run)?.status).toBe('complete');
  const thoughts = partsOf(prompt).flatMap((part) => (part.type === 'reasoning' ? [part.text] : []));
  expect(thoughts).toEqual(['One.', 'Three.']);
  const reasoning = openReasoning({ channels: scene.connect('ada'), session: device, of: { run } });
  onTestFinished(() => reasoning.close());
  await reasoning.ready;
  expect(reasoning.snapshot.parts.map(({ text }) => text)).toEqual(['One.', 'Three.']);
});

test('a run that is cancelled in a thought keeps it, with its length', async () => {
  const scene = createScene();
  const mind = createMind();
  await openAgent(scene, { run: (run) => run.pipe(mind.chunks) });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  mind.think('So far');
  await until(device, () => device.log(run).includes('"thread"'));
  await device.cancel(run);
  await ended(device, run);
  expect(device.run(run)?.status).toBe('cancelled');
  const reasoning = openReasoning({ channels: scene.connect('ada'), session: device, of: { run } });
  onTestFinished(() => reasoning.close());
  await reasoning.ready;
  expect(reasoning.snapshot.parts).toEqual([{ text: 'So far', length: 6, state: 'done', isWhole: true }]);
});
