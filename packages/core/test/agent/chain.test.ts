import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { control } from '@holdfast/codec';
import { createAgent, openSession, readRun, type MessageId, type RunId, type Session } from '@holdfast/core';
import { expect, onTestFinished, test } from 'vitest';
import { lengthToGoOn } from '../../src/agent/go-on.ts';
import { createScene, createTap, ended, until } from '../scene.ts';
import { muted } from '../muted.ts';
import { said, textCodec, textOf } from '../text-codec.ts';

test('P7 an answer that outgrows one message goes on in the next, and readers see one', async () => {
  const engine = createMemoryEngine({ maxMessageBytes: 2_000 });
  const open = (clientId: string, role: string): Channels => {
    const channels = createMemoryChannels({ engine, clientId, claims: { role } });
    onTestFinished(() => channels.close());
    return channels;
  };
  const tap = createTap();
  const agent = createAgent({
    channels: open('bot', 'agent'),
    name: 'bot',
    codec: textCodec,
    run: (run) => run.pipe(tap.chunks),
  });
  await agent.attend('long');
  const session = openSession({ channels: open('ada', 'participant'), name: 'long' });
  await session.ready;
  const { run } = session.send({ parts: said('all of it') });
  let text = '';
  for (let n = 0; n < 1_000; n += 1) {
    tap.say(`${n}é `);
    text += `${n}é `;
  }
  tap.end();
  await ended(session, run);
  expect(session.run(run)?.status).toBe('complete');
  expect(textOf(session.snapshot.messages.at(-1)?.parts ?? [])).toBe(text);
  let shown = '';
  for await (const chunk of readRun(session, run, { codec: textCodec }))
    if (chunk.type === 'text') shown += chunk.text;
  expect(shown).toBe(text);
  expect(session.snapshot.messages).toHaveLength(2);
  const { messages } = await open('ada', 'participant').channel('long').history();
  expect(messages.length).toBeGreaterThan(3);
  await agent.close();
  await session.close();
});

test('P9 a run whose agent died is restarted by another, and what the first wrote is taken back', async () => {
  const scene = createScene();
  const first = createTap();
  const second = createTap();
  let calls = 0;
  const dead = await scene.agent(
    (run) => {
      calls += 1;
      return run.pipe(first.chunks);
    },
    { leaseMs: 60_000 },
  );
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('hello') });
  first.say('half a senten');
  await until(laptop, () => laptop.log(run).includes('half'));
  await dead.close({ drainMs: 0 });
  await scene.agent(
    (each) => {
      calls += 1;
      return each.pipe(second.chunks);
    },
    { leaseMs: 60 },
  );
  await until(laptop, () => laptop.run(run)?.attempts === 2);
  second.say('A whole sentence.');
  second.end();
  first.say('ce that nobody sees');
  await ended(laptop, run);
  expect(textOf(laptop.snapshot.messages.at(-1)?.parts ?? [])).toBe('A whole sentence.');
  expect(calls).toBe(2);
});

test('P9 a run can also be gone on with', async () => {
  const scene = createScene();
  const first = createTap();
  const dead = await scene.agent((run) => run.pipe(first.chunks), { leaseMs: 60_000 });
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('hello') });
  first.say('One, two, ');
  await until(laptop, () => laptop.log(run).includes('two'));
  await dead.close({ drainMs: 0 });
  const past: string[] = [];
  await scene.agent(
    async (each) => {
      past.push(each.log);
      const tap = createTap();
      tap.say('three.');
      tap.end();
      await each.pipe(tap.chunks);
    },
    { leaseMs: 60, onTakeover: 'continue' },
  );
  await ended(laptop, run);
  expect(past[0]).toContain('One, two, ');
  expect(textOf(laptop.snapshot.messages.at(-1)?.parts ?? [])).toBe('One, two, three.');
});

test('P8 a worker that lost the race for a run takes it over when the winner falls silent', async () => {
  const scene = createScene();
  const laptop = await scene.device();
  const hung = new Set<string>();
  const hire = (name: string) =>
    scene.agent(
      async (run) => {
        const tap = createTap();
        // The first one hangs.
        if (hung.size === 0) hung.add(name);
        else tap.end();
        await run.pipe(tap.chunks);
      },
      { leaseMs: 90, channels: muted(scene.connect(name, 'agent'), () => hung.has(name)) },
    );
  await Promise.all([hire('one'), hire('two')]);
  const { run } = laptop.send({ parts: said('hello') });
  await ended(laptop, run);
  expect(laptop.run(run)).toMatchObject({ status: 'complete', attempts: 2 });
});

test('P13 a call that a lost process was at is settled, and never run again', async () => {
  const scene = createScene();
  const first = createTap();
  const dead = await scene.agent((run) => run.pipe(first.chunks), { leaseMs: 60_000 });
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('pay') });
  first.push({ type: 'call', id: 'c1', name: 'pay' });
  await until(laptop, () => laptop.log(run).includes('"call"'));
  await dead.close({ drainMs: 0 });
  const seen: unknown[] = [];
  await scene.agent(
    async (each) => {
      seen.push((await each.branch()).at(-1)?.parts[0]);
    },
    { leaseMs: 60, onTakeover: 'continue' },
  );
  await ended(laptop, run);
  expect(laptop.run(run)?.status).toBe('complete');
  expect(laptop.snapshot.messages.at(-1)?.parts).toMatchObject([{ callId: 'c1', state: 'error' }]);
  expect(seen).toMatchObject([{ callId: 'c1', state: 'error' }]);
});

test.each([
  ['text', ['open', 'text'], 'half a sen', 'half a sen'],
  ['a thought', ['open', 'reasoning'], 'half a thou', undefined],
  ['an input', ['open', 'input', { id: 'c1', name: 'pay' }], '{"su', undefined],
] as const)('P9 %s that a lost process was at is gone on with, or left out', (_, open, more, kept) => {
  const before = control(['open', 'text']) + 'Whole.' + control(['close', 0]);
  const log = before + control([...open]) + more;
  expect(lengthToGoOn(log)).toBe(kept === undefined ? before.length : log.length);
  const closed = open[1] === 'input' ? control(['call', 'c1', { n: 1 }]) : control(['close', 1]);
  expect(lengthToGoOn(log + closed)).toBe(log.length + closed.length);
});

test('P14 a run that kills every process which takes it is given up', async () => {
  const scene = createScene();
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('deadly') });
  let calls = 0;
  for (let n = 0; n < 4; n += 1) {
    const agent = await scene.agent(
      (each) => {
        calls += 1;
        return new Promise((resolve) => each.signal.addEventListener('abort', () => resolve()));
      },
      { leaseMs: 60 },
    );
    await until(laptop, () => (laptop.run(run)?.attempts ?? 0) > n);
    if (n < 3) await agent.close({ drainMs: 0 });
  }
  await ended(laptop, run);
  expect(laptop.run(run)?.status).toBe('lost');
  expect(calls).toBe(3);
});

test('P11 a cancel that its agent never saw is honoured by whoever comes next', async () => {
  const scene = createScene();
  const tap = createTap();
  const dead = await scene.agent((run) => run.pipe(tap.chunks), { leaseMs: 60_000 });
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('hello') });
  tap.say('some text');
  await until(laptop, () => laptop.log(run).includes('some'));
  await dead.close({ drainMs: 0 });
  await laptop.cancel(run);
  expect(laptop.run(run)?.status).toBe('cancelling');
  let calls = 0;
  await scene.agent(() => void (calls += 1), { leaseMs: 60 });
  await ended(laptop, run);
  expect(laptop.run(run)?.status).toBe('cancelled');
  expect(textOf(laptop.snapshot.messages.at(-1)?.parts ?? [])).toBe('some text');
  expect(calls).toBe(0);
});

test('P19 an agent is told what people say to its run, and says what it has given to the model', async () => {
  const scene = createScene();
  const tap = createTap();
  const told: string[] = [];
  await scene.agent(async (run) => {
    run.onSteer((steer) => {
      told.push(`${steer.clientId}: ${textOf(steer.message.parts)}`);
      if (told.length === 1) run.deliver(steer);
      else tap.end();
    });
    await run.pipe(tap.chunks);
  });
  const [ada, bob] = [await scene.device('ada'), await scene.device('ada')];
  const { run } = ada.send({ parts: said('hello') });
  await until(ada, () => ada.run(run)?.status === 'active');
  await ada.steer(run, { parts: said('shorter') });
  await until(ada, () => ada.run(run)?.steers[0]?.outcome === 'delivered');
  await bob.steer(run, { parts: said('and nicer') });
  await ended(ada, run);
  expect(told).toEqual(['ada: shorter', 'ada: and nicer']);
  expect(ada.run(run)?.steers).toMatchObject([{ outcome: 'delivered' }, { outcome: 'undelivered' }]);
  expect(ada.message(answerOf(ada, run))?.parts).toMatchObject([{ type: 'steering' }]);
});

function answerOf(session: Session, run: RunId): MessageId {
  return session.run(run)?.output ?? ('' as string as MessageId);
}
