import { ChannelError, type Channel, type Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { createAgent, openSession, type Agent, type AgentOptions, type Session } from '@holdfast/core';
import { openReasoning, reasoningLane, type Reasoning } from '@holdfast/core/reasoning';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseSignal } from '../../src/records/signal.ts';
import { createScene, ended, until } from '../scene.ts';
import { said, textOf } from '../text-codec.ts';
import { createMind, partsOf, thoughtCodec, type ThoughtChunk, type ThoughtPrompt } from './thought-codec.ts';

type Options = Partial<AgentOptions<ThoughtChunk, ThoughtPrompt>>;

async function openAgent(channels: Channels, session: string, options: Options): Promise<Agent> {
  const agent = createAgent<ThoughtChunk, ThoughtPrompt>({
    name: 'bot',
    codec: thoughtCodec,
    reasoning: 'threaded',
    run() {},
    onError() {},
    ...options,
    channels,
  });
  onTestFinished(() => agent.close({ drainMs: 0 }));
  await agent.attend(session);
  return agent;
}

function open(channels: Channels, session: Session, run: ReturnType<Session['send']>['run']): Reasoning {
  const reasoning = openReasoning({ channels, session, of: { run } });
  onTestFinished(() => reasoning.close());
  return reasoning;
}

/** Channels that say which of them are used. */
function watched(channels: Channels): { readonly channels: Channels; readonly used: string[] } {
  const used: string[] = [];
  const seen = (channel: Channel): Channel => ({
    ...channel,
    get features() {
      return channel.features;
    },
    subscribe(...given) {
      used.push(`subscribe ${channel.name}`);
      return channel.subscribe(...given);
    },
    history(...given) {
      used.push(`history ${channel.name}`);
      return channel.history(...given);
    },
  });
  return { used, channels: { ...channels, channel: (name) => seen(channels.channel(name)) } };
}

test('threaded reasoning is beside the session: who opens it reads it as it comes', async () => {
  const scene = createScene();
  const mind = createMind();
  await openAgent(scene.connect('bot', 'agent'), scene.name, { run: (run) => run.pipe(mind.chunks) });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  mind.think('First I look ');
  await until(device, () => device.log(run).includes('"thread"'));

  const mine = watched(scene.connect('ada'));
  const reasoning = open(mine.channels, device, run);
  await reasoning.ready;
  await vi.waitFor(() => expect(reasoning.snapshot.parts[0]?.text).toBe('First I look '));
  expect(reasoning.snapshot).toMatchObject({
    status: 'live',
    parts: [{ state: 'streaming', isWhole: false }],
  });
  let told = 0;
  onTestFinished(reasoning.subscribe(() => (told += 1)));
  mind.think('at the sky.\u001e 😀');
  await vi.waitFor(() => expect(reasoning.snapshot.parts[0]?.text).toBe('First I look at the sky.\u001e 😀'));
  expect(told).toBeGreaterThan(0);
  mind.thought();
  mind.say('Because.');
  mind.end();
  await ended(device, run);
  const text = 'First I look at the sky.\u001e 😀';
  await vi.waitFor(() =>
    expect(reasoning.snapshot.parts).toEqual([{ text, length: text.length, state: 'done', isWhole: true }]),
  );
  // In the session there is how long it was, and not a word of it.
  expect(device.log(run)).not.toContain('look');
  expect(partsOf(device.snapshot.messages)[0]).toMatchObject({
    type: 'reasoning',
    text: '',
    length: text.length,
    state: 'done',
    pm: { signature: 'signed' },
  });
  const shown = reasoning.snapshot;
  await device.setState('other', 1);
  expect(reasoning.snapshot).toBe(shown);
});

test('a response is subscribed to once, however many look at it, and as long as somebody does', async () => {
  const scene = createScene();
  const mind = createMind();
  await openAgent(scene.connect('bot', 'agent'), scene.name, { run: (run) => run.pipe(mind.chunks) });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  mind.think('So.');
  mind.thought();
  mind.end();
  await ended(device, run);
  const mine = watched(scene.connect('ada'));
  const subscribed = (): number => mine.used.filter((each) => each.startsWith('subscribe')).length;
  const first = open(mine.channels, device, run);
  const message = device.run(run)?.output;
  if (message === undefined) throw new Error('no answer');
  const second = openReasoning({ channels: mine.channels, session: device, of: { message } });
  await Promise.all([first.ready, second.ready]);
  expect(second.snapshot.parts).toEqual(first.snapshot.parts);
  expect(second.snapshot.parts[0]).toMatchObject({ text: 'So.', isWhole: true });
  expect(subscribed()).toBe(1);
  first.close();
  expect(first.snapshot.status).toBe('closed');
  expect(second.snapshot.status).toBe('live');
  second.close();
  second.close();
  const third = open(mine.channels, device, run);
  await third.ready;
  expect(third.snapshot.parts[0]?.text).toBe('So.');
  expect(subscribed()).toBe(2);
});

test('inline reasoning is shown as well, and nothing is subscribed to', async () => {
  const scene = createScene();
  const mind = createMind();
  await openAgent(scene.connect('bot', 'agent'), scene.name, {
    reasoning: 'inline',
    run: (run) => run.pipe(mind.chunks),
  });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  mind.think('In the open.');
  mind.thought();
  mind.end();
  await ended(device, run);
  const mine = watched(scene.connect('ada'));
  const reasoning = open(mine.channels, device, run);
  await reasoning.ready;
  expect(reasoning.snapshot).toEqual({
    status: 'live',
    parts: [{ text: 'In the open.', length: 12, state: 'done', isWhole: true }],
  });
  expect(mine.used).toEqual([]);
  expect(device.log(run)).toContain('In the open.');
});

test('only what an agent wrote counts, whatever a participant publishes there', async () => {
  const scene = createScene();
  const mind = createMind();
  await openAgent(scene.connect('bot', 'agent'), scene.name, { run: (run) => run.pipe(mind.chunks) });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  const lane = scene.connect('eve').channel(reasoningLane(scene.name, run));
  const forge = (id: string) =>
    lane.publish({ action: 'create', draft: { id, name: 'reasoning', data: 'forged', headers: { run } } });
  await forge('before');
  mind.think('Genuine.');
  await until(device, () => device.log(run).includes('"thread"'));
  const part = partsOf(device.snapshot.messages)[0];
  const [id = ''] = part?.type === 'reasoning' ? (part.thread ?? []) : [];
  await vi.waitFor(async () => expect((await lane.history()).messages).toHaveLength(2));
  await expect(forge(id)).rejects.toMatchObject({ code: 'conflict' });
  const [genuine] = (await lane.history()).messages;
  if (genuine === undefined) throw new Error('nothing was written');
  const { serial } = genuine;
  for (const operation of [
    { action: 'append', serial, data: 'forged', offset: 8 },
    { action: 'update', serial, draft: { data: 'forged' } },
    { action: 'delete', serial },
  ] as const)
    await expect(lane.publish(operation)).rejects.toMatchObject({ code: 'forbidden' });
  mind.thought();
  mind.end();
  await ended(device, run);
  const reasoning = open(scene.connect('ada'), device, run);
  await reasoning.ready;
  expect(reasoning.snapshot.parts.map(({ text }) => text)).toEqual(['Genuine.']);
});

test('a message that a participant put there first is refused to the agent, and the thought stands in the log', async () => {
  const scene = createScene();
  const mind = createMind();
  const errors: unknown[] = [];
  const channels = scene.connect('bot', 'agent');
  const eve = scene.connect('eve');
  // Knows the id before anybody can.
  const foreseen: Channels = {
    ...channels,
    channel(name) {
      const channel = channels.channel(name);
      if (!name.includes(':open:')) return channel;
      return {
        ...channel,
        features: channel.features,
        async publish(operations, options) {
          for (const each of [operations].flat())
            if (each.action === 'create')
              await eve.channel(name).publish({ ...each, draft: { ...each.draft, data: 'forged' } });
          return channel.publish(operations, options);
        },
      };
    },
  };
  await openAgent(foreseen, scene.name, {
    run: (run) => run.pipe(mind.chunks),
    onError: (error) => errors.push(error),
  });
  const device = await scene.device();
  const { run } = device.send({ parts: said('why?') });
  mind.think('Genuine');
  await until(device, () => device.log(run).includes('Genuine'));
  mind.think(', all of it.');
  mind.thought();
  mind.say('So.');
  mind.end();
  await ended(device, run);
  expect(errors).toMatchObject([{ code: 'conflict' }]);
  const [part, answer] = partsOf(device.snapshot.messages);
  expect(part).toMatchObject({ type: 'reasoning', text: 'Genuine, all of it.', state: 'done' });
  expect(part).not.toHaveProperty('thread');
  expect(part).not.toHaveProperty('length');
  expect(answer).toMatchObject({ type: 'text', text: 'So.' });
  const reasoning = open(scene.connect('ada'), device, run);
  await reasoning.ready;
  expect(reasoning.snapshot.parts.map(({ text }) => text)).toEqual(['Genuine, all of it.']);
});

test('an agent that may not write beside the session writes into it, and a reader that may not read is told', async () => {
  const scene = createScene();
  const closed = (channels: Channels): Channels => ({
    ...channels,
    channel(name) {
      const channel = channels.channel(name);
      const refuse = () => Promise.reject(new ChannelError('forbidden', 'Not here.'));
      return name.includes(':open:')
        ? { ...channel, features: channel.features, publish: refuse, subscribe: refuse, history: refuse }
        : channel;
    },
  });
  const errors: unknown[] = [];
  const run =
    (minds: ReturnType<typeof createMind>[]) => (each: Parameters<NonNullable<Options['run']>>[0]) =>
      each.pipe(minds.shift()?.chunks ?? createMind().chunks);
  const short = createMind();
  const agent = await openAgent(closed(scene.connect('bot', 'agent')), scene.name, {
    run: run([short]),
    onError: (error) => errors.push(error),
  });
  const device = await scene.device();
  const first = device.send({ parts: said('why?') });
  // Closed before anybody can know that it was refused.
  short.think('A short one.');
  short.thought();
  short.end();
  await ended(device, first.run);
  expect(device.run(first.run)?.status).toBe('complete');
  expect(errors).toMatchObject([{ code: 'forbidden' }]);
  expect(partsOf(device.snapshot.messages)[0]).toEqual({
    type: 'reasoning',
    n: 0,
    text: 'A short one.',
    state: 'done',
    pm: { signature: 'signed' },
  });
  await agent.close();

  const mind = createMind();
  await openAgent(scene.connect('bot', 'agent'), scene.name, { run: run([mind]) });
  const second = device.send({ parts: said('and now?') });
  mind.think('Hidden.');
  mind.thought();
  mind.end();
  await ended(device, second.run);
  const reasoning = open(closed(scene.connect('ada')), device, second.run);
  await expect(reasoning.ready).rejects.toMatchObject({ code: 'forbidden' });
  expect(reasoning.snapshot).toMatchObject({
    status: 'failed',
    error: { code: 'forbidden' },
    parts: [{ text: '', length: 7, state: 'done', isWhole: false }],
  });
});

test('a thought that outgrows one message goes on in the next, and so does one that comes in one piece', async () => {
  const engine = createMemoryEngine({ maxMessageBytes: 2_000 });
  const connect = (clientId: string, role?: string): Channels => {
    const channels = createMemoryChannels({ engine, clientId, ...(role && { claims: { role } }) });
    onTestFinished(() => channels.close());
    return channels;
  };
  const mind = createMind();
  await openAgent(connect('bot', 'agent'), 'long', { run: (run) => run.pipe(mind.chunks) });
  const session = openSession({ channels: connect('ada'), name: 'long' });
  onTestFinished(() => session.close());
  await session.ready;
  const { run } = session.send({ parts: said('all of it') });
  const words = Array.from({ length: 1_000 }, (_, n) => `${n}é😀 `);
  for (const word of words) mind.think(word);
  mind.think(words.join(''));
  mind.thought();
  mind.say('Done.');
  mind.end();
  await ended(session, run);
  const channels = connect('ada');
  const reasoning = open(channels, session, run);
  await reasoning.ready;
  const text = words.join('') + words.join('');
  await vi.waitFor(() => expect(reasoning.snapshot.parts[0]?.text).toBe(text));
  expect(reasoning.snapshot.parts).toEqual([{ text, length: text.length, state: 'done', isWhole: true }]);
  const { messages } = await channels.channel(reasoningLane('long', run)).history();
  expect(messages.length).toBeGreaterThan(10);
  expect(textOf(partsOf(session.snapshot.messages))).toBe('Done.');
  await engine.close();
});

test('P16 an agent that only thinks gives signs of life, and of progress', async () => {
  const scene = createScene();
  const mind = createMind();
  await openAgent(scene.connect('bot', 'agent'), scene.name, {
    run: (run) => run.pipe(mind.chunks),
    leaseMs: 60,
  });
  const device = await scene.device();
  const beats: number[] = [];
  device.onSignal((signal) => {
    const beat = parseSignal(signal);
    if (beat?.kind === 'beat') beats.push(beat.progress);
  });
  const { run } = device.send({ parts: said('why?') });
  mind.think('.');
  await until(device, () => device.log(run).includes('"thread"'));
  const { length } = device.log(run);
  const timer = setInterval(() => mind.think('.'), 5);
  await vi.waitFor(() => expect(new Set(beats).size).toBeGreaterThan(3));
  clearInterval(timer);
  expect(device.log(run)).toHaveLength(length);
  expect(device.run(run)?.attempts).toBe(1);
  mind.end();
  await ended(device, run);
});
