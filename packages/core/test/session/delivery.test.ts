import { promote, type RunId } from '@holdfast/core';
import { expect, test } from 'vitest';
import { createScene, createTap, ended, until, type Scene } from '../scene.ts';
import { said, textOf, type TextChunk } from '../text-codec.ts';

async function* echo(text: string): AsyncGenerator<TextChunk> {
  yield { type: 'text', text };
}

type Options = Parameters<Scene['agent']>[1];

/** An agent that is busy with a first question until `free`, and then says what it was asked. It takes steers. */
async function busy(options: Options = {}) {
  const scene = createScene();
  const tap = createTap();
  const asked: string[] = [];
  const steered: string[] = [];
  await scene.agent(async (run) => {
    const question = (await run.prompt()).at(-1) ?? '';
    asked.push(question);
    run.onSteer((steer) => {
      steered.push(textOf(steer.message.parts));
      if (!textOf(steer.message.parts).startsWith('not')) run.deliver(steer);
    });
    await run.pipe(question === 'user: first' ? tap.chunks : echo(question));
  }, options);
  const laptop = await scene.device();
  const first = laptop.send({ parts: said('first') });
  await until(laptop, () => laptop.run(first.run)?.status === 'active');
  const status = (run: RunId) => laptop.run(run)?.status;
  const fail = () => tap.end(new Error('no model'));
  return { scene, laptop, first, asked, steered, status, free: () => tap.end(), fail };
}

test('an input that is to steer is given to the running answer, and says so', async () => {
  const { laptop, first, asked, steered, free } = await busy();
  const steer = laptop.send({ parts: said('and be brief') }, { delivery: 'steer' });
  await ended(laptop, steer.run);
  expect(laptop.run(steer.run)).toMatchObject({ status: 'complete', reason: 'given to a running answer' });
  free();
  await ended(laptop, first.run);
  expect([asked, steered]).toEqual([['user: first'], ['and be brief']]);
  expect(laptop.message(laptop.run(first.run)?.output ?? first.message)?.parts).toContainEqual(
    expect.objectContaining({ type: 'steering' }),
  );
});

test('P19 one that is not delivered is a question of its own', async () => {
  const { laptop, asked, status, free } = await busy({ whileAnswering: 'steer' });
  const steer = laptop.send({ parts: said('not for you') });
  const queued = laptop.send({ parts: said('not this either') }, { delivery: 'queue' });
  await queued.stored;
  expect(status(steer.run)).toBe('queued');
  free();
  await ended(laptop, queued.run);
  expect(asked).toEqual(['user: first', 'user: not for you', 'user: not this either']);
});

test.each(['complete', 'cancelled', 'error'] as const)(
  'P19 what was said to an answer that ended as %s says so on every device, and why',
  async (how) => {
    const { scene, laptop, first, free, fail } = await busy();
    const devices = [laptop, await scene.device(), await scene.device('ben')];
    const { serial } = await laptop.steer(first.run, { parts: said('not in time') });
    const steers = () => devices.map((session) => session.run(first.run)?.steers);
    for (const session of devices) await until(session, () => session.run(first.run)?.steers.length === 1);
    expect(steers()).toEqual(devices.map(() => [expect.objectContaining({ outcome: 'pending' })]));
    if (how === 'complete') free();
    else if (how === 'error') fail();
    else await laptop.cancel(first.run);
    for (const session of devices) await ended(session, first.run);
    expect(steers()).toEqual(
      devices.map(() => [expect.objectContaining({ outcome: 'undelivered', why: how })]),
    );
    // It is answered next, unless it was stopped with what it was said to.
    const own = laptop.snapshot.runs.find((run) => run.serial === serial);
    if (own === undefined) throw new Error('a steer that was not delivered is a question');
    await ended(laptop, own.id);
    expect(laptop.run(own.id)?.status).toBe(how === 'cancelled' ? 'cancelled' : 'complete');
  },
);

test('who is turned down sees why, and so does everybody', async () => {
  const { scene, laptop, first, free } = await busy();
  const phone = await scene.device();
  const second = phone.send({ parts: said('second') }, { delivery: 'reject' });
  for (const session of [laptop, phone]) {
    await ended(session, second.run);
    expect(session.run(second.run)).toMatchObject({
      status: 'error',
      reason: 'The agent is answering another message.',
    });
  }
  free();
  await ended(laptop, first.run);
});

test('everything can be stopped at once, from any device', async () => {
  const { scene, laptop, first, asked } = await busy();
  const runs = [first.run, ...['second', 'third'].map((text) => laptop.send({ parts: said(text) }).run)];
  const phone = await scene.device();
  await until(phone, () => phone.snapshot.runs.length === 3);
  await phone.cancel();
  for (const session of [laptop, phone])
    for (const run of runs) {
      await ended(session, run);
      expect(session.run(run)?.status).toBe('cancelled');
    }
  expect(asked).toEqual(['user: first']);
});

test.each(['interrupt', 'parallel', 'reject'] as const)(
  'an agent can %s by default',
  async (whileAnswering) => {
    const { laptop, first, status, free } = await busy({ whileAnswering });
    const second = laptop.send({ parts: said('second') });
    await ended(laptop, second.run);
    expect([status(first.run), status(second.run)]).toEqual(
      {
        interrupt: ['cancelled', 'complete'],
        parallel: ['active', 'complete'],
        reject: ['active', 'error'],
      }[whileAnswering],
    );
    if (status(first.run) === 'active') free();
    await ended(laptop, first.run);
  },
);

test('what waits can be put first, interrupt, and be taken out by twos', async () => {
  const { laptop, first, asked, status, free } = await busy();
  const [second, third, fourth, fifth] = ['second', 'third', 'fourth', 'fifth'].map((text) =>
    laptop.send({ parts: said(text) }),
  );
  if (!second || !third || !fourth || !fifth) throw new Error('four were asked');
  await fifth.stored;
  const sooner = promote(laptop, fourth.run);
  await laptop.cancel([second.run, third.run]);
  await until(laptop, () => status(third.run) === 'cancelled');
  expect([status(second.run), status(fourth.run), status(fifth.run)]).toEqual([
    'cancelled',
    'cancelled',
    'queued',
  ]);
  free();
  await ended(laptop, fifth.run);
  expect(asked).toEqual(['user: first', 'user: fourth', 'user: fifth']);
  expect(status(sooner.run)).toBe('complete');
  expect(() => promote(laptop, first.run)).toThrow('No such run waits');
});

test('who interrupts goes before those who wait', async () => {
  const { laptop, first, asked, status } = await busy();
  const second = laptop.send({ parts: said('second') });
  await second.stored;
  const third = laptop.send({ parts: said('third') });
  await third.stored;
  const urgent = promote(laptop, third.run, 'interrupt');
  await ended(laptop, second.run);
  expect([status(first.run), status(urgent.run), status(second.run)]).toEqual([
    'cancelled',
    'complete',
    'complete',
  ]);
  expect(asked).toEqual(['user: first', 'user: third', 'user: second']);
});

test('I16 a cancel that is not one’s to give changes nothing, and its sender sees why', async () => {
  const { scene, laptop, first, status, free } = await busy();
  const stranger = await scene.device('mallory');
  await stranger.cancel(first.run);
  await until(stranger, () => stranger.snapshot.refusals.length > 0);
  expect(stranger.snapshot.refusals).toMatchObject([{ kind: 'cancel', code: 'forbidden' }]);
  expect(stranger.snapshot.refusals[0]?.message).not.toBe('');
  await laptop.setState('seen', true);
  expect(status(first.run)).toBe('active');
  free();
  await ended(laptop, first.run);
  expect(status(first.run)).toBe('complete');
});
