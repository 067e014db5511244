import { isObject } from '@holdfast/codec';
import { decideApproval, readApproval } from '@holdfast/core';
import { expect, test } from 'vitest';
import { soon } from '../decisions/races.ts';
import { callOf } from '../decisions/stage.ts';
import { said } from '../text-codec.ts';
import { createCrowd, readInbox, type Crowd, type TextRun } from './crowd.ts';

const WITHIN_MS = 500;

/** A run that rests while it is asked for an approval, or a device for a result. */
const asks = (what: 'approval' | 'tool') => async (run: TextRun) => {
  if (what === 'tool') return void (await run.requestTool('locate', {}, { timeoutMs: WITHIN_MS }));
  const { ok } = await run.requestApproval('pay', { sum: 7 }, { withinMs: WITHIN_MS });
  if (ok) await run.callTool('pay', {}, () => 'paid');
};

/** Asks in a session of its own, and waits until the run rests and nobody has the session open. */
async function ask(crowd: Crowd, what: 'approval' | 'tool') {
  const session = await crowd.ask('resting');
  const { run } = session.send({ parts: said('please') });
  await soon(() => expect(session.run(run)?.status).toBe('suspended'));
  return { session, run, callId: what === 'tool' ? 'locate-1' : 'pay-1' };
}

const QUICK = { holdMs: 0, listen: { idleMs: 10 } };

test('a run that rests holds no worker, and is looked at when its time is over', async () => {
  const crowd = createCrowd();
  await crowd.worker(asks('approval'), QUICK);
  await crowd.worker(asks('approval'), QUICK);
  const { session, run, callId } = await ask(crowd, 'approval');
  await soon(() => expect(session.snapshot.participants).toEqual([]));
  expect(readApproval(session, { run, callId })?.state).toBe('open');
  const until = readApproval(session, { run, callId })?.until ?? 0;
  await soon(() => expect(session.run(run)?.status).not.toBe('suspended'));
  // Not before.
  expect(Date.now()).toBeGreaterThan(until);
  await soon(() => expect(readApproval(session, { run, callId })).toMatchObject({ state: 'denied' }));
  expect(readApproval(session, { run, callId })?.reason).toBe('Nobody decided in time.');
  // The inbox said so once, whoever was there.
  const inbox = await readInbox(crowd.connect('auditor', 'agent'));
  expect(inbox.filter(({ data }) => isObject(data) && data['notBefore'] === until)).toHaveLength(1);
});

test.each([
  ['tool', 'says nothing'],
  ['approval', 'says nothing'],
  ['approval', 'decides too late'],
] as const)(
  'P17 a %s whose time ends while no worker is there is dead for everybody, and the first that comes says so; a person %s',
  async (what, does) => {
    const crowd = createCrowd();
    const workers = ['worker-x', 'worker-y'].map((name) => crowd.connect(name, 'agent'));
    for (const channels of workers) await crowd.worker(asks(what), { ...QUICK, channels });
    const { session, run, callId } = await ask(crowd, what);
    for (const channels of workers) await channels.close();
    if (what === 'approval') {
      const late = readApproval(session, { run, callId });
      if (late?.until === undefined) throw new Error('it is asked');
      await soon(() => expect(Date.now()).toBeGreaterThan(late.until ?? Infinity));
      // No process needs to say so.
      expect(readApproval(session, { run, callId })).toMatchObject({ state: 'expired', mayDecide: false });
      if (does === 'decides too late') await decideApproval(session, late, { ok: true });
    } else
      await soon(() =>
        expect(Date.now()).toBeGreaterThan((callOf(session, run, callId)?.until ?? Infinity) + 20),
      );
    expect(session.run(run)?.status).toBe('suspended');
    // Further questions hide it from the newest page.
    for (let more = 0; more < 60; more += 1) await session.setState(`key-${more}`, more);

    let calls = 0;
    await crowd.worker((each) => {
      calls += 1;
      return asks(what)(each);
    }, QUICK);
    await soon(() => expect(['complete', 'error']).toContain(session.run(run)?.status));
    expect(calls).toBe(1);
    const call = callOf(session, run, callId);
    if (what === 'tool')
      expect(call).toMatchObject({ state: 'error', error: 'No device gave a result in time.' });
    else expect(call).toMatchObject({ state: 'denied', approval: { reason: 'Nobody decided in time.' } });
    const refused = does === 'says nothing' ? [] : [{ clientId: 'ada', refused: 'expired' }];
    expect(call?.decisions ?? []).toMatchObject(refused);
  },
);
