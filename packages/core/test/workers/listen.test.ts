import type { Delivery } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import { openSession, repeatWakes, wakeAgents } from '@holdfast/core';
import { expect, test } from 'vitest';
import { createTap, ended, until } from '../scene.ts';
import { said, type TextChunk } from '../text-codec.ts';
import { AGENT, createCrowd, readInbox, type TextRun } from './crowd.ts';

async function* say(text: string): AsyncGenerator<TextChunk> {
  yield { type: 'text', text };
}

test('P15 a worker takes the runs of any session, closes what is idle, and settles what it has done', async () => {
  const crowd = createCrowd();
  const asked: string[] = [];
  await crowd.worker(
    (run) => {
      asked.push(run.session);
      return run.pipe(say('hello'));
    },
    { listen: { idleMs: 20 } },
  );
  const sessions = await Promise.all(['a', 'b', 'c'].map((name) => crowd.ask(name)));
  for (const session of sessions) {
    const { run } = session.send({ parts: said('hi') });
    await ended(session, run);
    expect(session.run(run)?.status).toBe('complete');
    // The worker leaves: nobody else is in the session any more.
    await until(session, () => session.snapshot.participants.length === 0);
    const again = session.send({ parts: said('are you still there?') });
    await ended(session, again.run);
  }
  expect(asked.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  const inbox = await readInbox(crowd.connect('auditor', 'agent'));
  expect(inbox.filter(({ name }) => name === 'wake')).toHaveLength(6);
  const last = inbox.at(-1);
  expect(last?.name).toBe('settled');
  // A newcomer needs nothing from before the end.
  expect(isObject(last?.data) && last.data['from']).toBe(
    inbox.findLast(({ name }) => name === 'wake')?.serial,
  );
});

test('P15 what was asked while no worker was there is found by the first that comes', async () => {
  const crowd = createCrowd();
  const session = await crowd.ask('early');
  const runs = Array.from({ length: 110 }, () => session.send({ parts: said('hi') }).run);
  const last = session.send({ parts: said('last') });
  await last.stored;
  await crowd.worker((run) => run.pipe(say('late, but here')));
  for (const run of [...runs, last.run]) await ended(session, run);
  expect([...runs, last.run].map((run) => session.run(run)?.status)).toEqual(
    Array.from({ length: 111 }, () => 'complete'),
  );
});

test('P15 who sees a run that nobody was told of tells them', async () => {
  const crowd = createCrowd();
  await crowd.worker((run) => run.pipe(say('at last')));
  const silent = openSession({ channels: crowd.connect('ada'), name: 'quiet' });
  await silent.ready;
  const { run, stored } = silent.send({ parts: said('is anybody there?') });
  await stored;
  const channels = wakeAgents(crowd.connect('ada'), { agents: [AGENT] });
  const session = openSession({ channels, name: 'quiet' });
  await session.ready;
  const stop = repeatWakes(session, { channels, afterMs: 20 });
  await ended(session, run);
  expect(session.run(run)?.status).toBe('complete');
  stop();
  await session.close();
  await silent.close();
});

test('a worker that closes hands its runs on, without anybody waiting for a lease', async () => {
  const crowd = createCrowd();
  const stuck = createTap();
  let calls = 0;
  const handler = (run: TextRun) => {
    calls += 1;
    return run.pipe(calls === 1 ? stuck.chunks : say('done'));
  };
  const first = await crowd.worker(handler, { leaseMs: 60_000 });
  const session = await crowd.ask('handed-on');
  const { run } = session.send({ parts: said('hi') });
  stuck.say('half an ans');
  await until(session, () => session.log(run).includes('half'));
  await crowd.worker(handler, { leaseMs: 60_000 });
  await first.close({ drainMs: 0 });
  await ended(session, run);
  expect([session.run(run)?.status, calls]).toEqual(['complete', 2]);
});

test('P15 a forged wake does nothing, and only agents settle', async () => {
  const crowd = createCrowd();
  let calls = 0;
  const mallory = crowd.connect('mallory').channel(`inbox:${AGENT}`);
  const forge = (name: string, data: { readonly [key: string]: string | boolean }) =>
    mallory.publish({ action: 'create', draft: { id: `${name}-${JSON.stringify(data)}`, name, data } });
  const session = await crowd.ask('real');
  const { run, stored } = session.send({ parts: said('hi') });
  await stored;
  const [wake] = (await readInbox(crowd.connect('auditor', 'agent'))).toReversed();
  await forge('settled', { session: 'real', upTo: wake?.serial ?? '', from: wake?.serial ?? '' });
  await forge('wake', { session: 'nobody-knows', record: 'nothing' });
  await forge('wake', { session: 'inbox:helper', record: 'nothing' });
  await forge('wake', { session: 'real', record: run, left: true });
  await forge('wake', { session: '', record: '' });
  await crowd.worker((each) => {
    calls += 1;
    return each.pipe(say('hello'));
  });
  await ended(session, run);
  expect(calls).toBe(1);
  const nobody = await crowd.ask('nobody-knows');
  expect(nobody.snapshot.runs).toEqual([]);
});

test('P16 a worker whose presence ends is lost at once: another finishes its run, whatever the lease', async () => {
  const crowd = createCrowd();
  const stuck = createTap();
  let calls = 0;
  const handler = (run: TextRun) => {
    calls += 1;
    return run.pipe(calls === 1 ? stuck.chunks : say('done'));
  };
  const options = { leaseMs: 60_000 };
  const channels = crowd.connect('doomed', 'agent');
  await crowd.worker(handler, { ...options, channels });
  const session = await crowd.ask('left');
  const { run } = session.send({ parts: said('hi') });
  stuck.say('half an ans');
  await until(session, () => session.log(run).includes('half'));
  const told = new Promise<void>((resolve) => {
    const hear = (delivery: Delivery): void => {
      if (delivery.kind === 'signal' && JSON.stringify(delivery.signal.data).includes('"left"')) resolve();
    };
    void crowd.connect('auditor', 'agent').channel(`inbox:${AGENT}`).subscribe(hear);
  });
  await crowd.worker(handler, options);
  // Who is at it tells a newcomer.
  await told;
  await channels.channel('left').presence.leave();
  await channels.channel(`inbox:${AGENT}`).presence.leave();
  await ended(session, run);
  expect([session.run(run)?.status, session.run(run)?.attempts, calls]).toEqual(['complete', 2, 2]);
});
