import { feedRuns, type DelegatedAnswer } from '@holdfast/core';
import { findRun, readDelegation, runTree } from '@holdfast/core/agents';
import { expect, test } from 'vitest';
import { subRunId } from '../../src/agent/delegation/sub-run-id.ts';
import { createTap, ended, until } from '../scene.ts';
import { muted } from '../muted.ts';
import { said, textCodec } from '../text-codec.ts';
import { createCrew, lines, say, taskOf, untilStopped } from './crew.ts';

test('sub-agents answer in the session themselves, told apart where two have one name, and are no turns of it', async () => {
  const crew = createCrew();
  await crew.agent('reader', async (run) => run.pipe(say(`read ${await taskOf(run)}`)), { clientId: 'r1' });
  await crew.agent('counter', async (run) => run.pipe(say('42')));
  const answers: DelegatedAnswer[] = [];
  await crew.lead(async (run) => {
    const asked = [
      run.delegate('reader', 'tides', { label: 'The tides' }),
      run.delegate('reader', 'moons'),
      run.delegate('reader', { parts: said('moons') }),
      run.delegate('counter', 'all', { metadata: { from: 1 } }),
    ];
    answers.push(...(await Promise.all(asked.map(({ done }) => done))));
    await run.pipe(say('Read and counted.'));
  });
  const [ada, bob] = [await crew.person('ada'), await crew.person('bob')];
  const { run } = ada.send({ parts: said('research') });
  await ended(ada, run);
  await until(bob, () => bob.run(run)?.status === 'complete');
  for (const session of [ada, bob])
    expect(lines(session)).toEqual([
      'lead (lead) complete: Read and counted.',
      '  The tides (reader) complete: read tides',
      '  reader (reader) complete: read moons',
      '  reader 2 (reader) complete: read moons',
      '  counter (counter) complete: 42',
    ]);
  expect(answers.map(({ status, text, agent }) => [status, text, agent])).toEqual([
    ['complete', 'read tides', { name: 'reader', clientId: 'r1' }],
    ['complete', 'read moons', { name: 'reader', clientId: 'r1' }],
    ['complete', 'read moons', { name: 'reader', clientId: 'r1' }],
    ['complete', '42', { name: 'counter', clientId: 'counter' }],
  ]);
  // What they do nests: the conversation has a question and an answer.
  expect(ada.snapshot.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  const [top] = runTree(ada);
  const where = top?.answer?.parts.flatMap((part) => readDelegation(part) ?? []);
  expect(where).toEqual(
    top?.subRuns.map(({ run: { id, to, label } }) => ({ run: id, to, ...(label && { label }) })),
  );
  expect(top?.subRuns.map(({ order, depth }) => [order, depth])).toEqual([1, 2, 3, 4].map((at) => [at, 1]));
  expect(top?.subRuns[3]?.question).toMatchObject({ metadata: { from: 1 }, author: { role: 'agent' } });
  expect(findRun(runTree(ada), answers[3]?.run ?? run)?.name).toBe('counter');
});

test('P21 one sub-run is cancelled alone, with what it delegated itself; then the whole tree is', async () => {
  const crew = createCrew();
  const answers: DelegatedAnswer[] = [];
  const reasons: unknown[] = [];
  await crew.agent('reader', async (run) => {
    if ((await taskOf(run)) === 'deep') run.delegate('reader', 'deeper');
    await run.pipe(say('reading'));
    await untilStopped(run);
  });
  await crew.lead(async (run) => {
    const [first, ...others] = ['deep', 'wide', 'high'].map((task) => run.delegate('reader', task));
    if (first !== undefined) answers.push(await first.done);
    await Promise.all(others.map(({ done }) => done)).catch((error: unknown) => reasons.push(error));
  });
  const [ada, bob] = [await crew.person('ada'), await crew.person('bob')];
  const { run } = ada.send({ parts: said('research') });
  const subRuns = () => runTree(ada)[0]?.subRuns ?? [];
  await until(
    ada,
    () =>
      lines(ada)
        .join()
        .match(/reading/g)?.length === 4,
  );
  // Only who asked may stop it, and whoever works for the session.
  const [deep] = subRuns();
  await bob.cancel(deep?.run.id ?? run);
  await until(bob, () => bob.snapshot.refusals.length === 1);
  await ada.cancel(deep?.run.id ?? run, { reason: 'too deep' });
  await until(ada, () => answers.length > 0);
  expect(answers).toMatchObject([{ status: 'cancelled', reason: 'too deep', text: 'reading' }]);
  await until(ada, () => subRuns()[0]?.subRuns[0]?.run.status === 'cancelled');
  expect(lines(ada)).toEqual([
    'lead (lead) active: ',
    '  reader (reader) cancelled: reading',
    '    reader (reader) cancelled: reading',
    '  reader 2 (reader) active: reading',
    '  reader 3 (reader) active: reading',
  ]);
  await ada.cancel(run);
  await until(ada, () => lines(ada).every((line) => line.includes('cancelled')));
  expect(reasons).toMatchObject([{ name: 'AbortError' }]);
});

test('a handler that is called again after its process was lost finds what it asked, and nothing is asked twice', async () => {
  const crew = createCrew();
  const asked: string[] = [];
  const taps = new Map<string, ReturnType<typeof createTap>>();
  await crew.agent('reader', async (run) => {
    const task = await taskOf(run);
    asked.push(task);
    const tap = createTap();
    taps.set(task, tap);
    await run.pipe(tap.chunks);
  });
  let isFrozen = false;
  const told: string[] = [];
  const handler = (worker: string) => async (run: Parameters<Parameters<typeof crew.lead>[0]>[0]) => {
    const tasks = ['tides', 'tides', 'moons'].map((task) => run.delegate('reader', task));
    const answers = await Promise.all(tasks.map(({ done }) => done));
    told.push(worker);
    await run.pipe(say(answers.map(({ text }) => text).join(' + ')));
  };
  const channels = muted(crew.connect('one', 'agent'), () => isFrozen);
  await crew.lead(handler('one'), { channels });
  const ada = await crew.person();
  const { run } = ada.send({ parts: said('research') });
  await until(ada, () => asked.length === 3);
  const [, second] = runTree(ada)[0]?.subRuns ?? [];
  isFrozen = true;
  await crew.lead(handler('two'), { clientId: 'two' });
  await until(ada, () => ada.run(run)?.attempts === 2);
  taps.get('moons')?.say('M');
  for (const tap of taps.values()) tap.end();
  // Of two tasks that say the same the first shares its tap with the second: that one is stopped instead.
  await ada.cancel(runTree(ada)[0]?.subRuns[0]?.run.id ?? run);
  await ended(ada, run);
  expect(asked).toEqual(['tides', 'tides', 'moons']);
  expect(told).toEqual(['two']);
  expect(runTree(ada)[0]?.subRuns.map(({ run: each }) => each.id)).toContain(second?.run.id);
  expect(lines(ada)).toEqual([
    'lead (lead) complete:  +  + M',
    '  reader (reader) cancelled: ',
    '  reader 2 (reader) complete: ',
    '  reader 3 (reader) complete: M',
  ]);
});

test('a sub-run whose process is lost is done by another of its agent, and who waits for it does not notice', async () => {
  const crew = createCrew();
  let isFrozen = false;
  await crew.agent(
    'reader',
    async (run) => {
      await run.pipe(say('half'));
      isFrozen = true;
      await untilStopped(run);
    },
    { channels: muted(crew.connect('r1', 'agent'), () => isFrozen) },
  );
  await crew.lead(async (run) => run.pipe(say((await run.delegate('reader', 'tides').done).text)));
  const ada = await crew.person();
  const { run } = ada.send({ parts: said('research') });
  await until(ada, () => isFrozen);
  await crew.agent('reader', (each) => each.pipe(say('whole')), { clientId: 'r2' });
  await ended(ada, run);
  expect(lines(ada)).toEqual(['lead (lead) complete: whole', '  reader (reader) complete: whole']);
  expect(runTree(ada)[0]?.subRuns[0]?.run).toMatchObject({ attempts: 2, agent: { clientId: 'r2' } });
});

test('a sub-run that fails, that nobody takes, or that goes silent for good is a value, and no hang', async () => {
  const crew = createCrew();
  const answers: DelegatedAnswer[] = [];
  let isFrozen = false;
  await crew.agent('broken', () => Promise.reject(new Error('no')), { describeError: () => 'it broke' });
  await crew.agent(
    'frozen',
    async (run) => {
      await run.pipe(say('half'));
      isFrozen = true;
      await untilStopped(run);
    },
    { channels: muted(crew.connect('f', 'agent'), () => isFrozen) },
  );
  await crew.lead(
    async (run) => {
      const asked = ['broken', 'frozen', 'nobody'].map((to) => run.delegate(to, 'tides'));
      answers.push(...(await Promise.all(asked.map(({ done }) => done))));
      await run.pipe(say('Nobody knows.'));
    },
    { delegation: { lostMs: 300 } },
  );
  const ada = await crew.person();
  const { run } = ada.send({ parts: said('research') });
  await ended(ada, run);
  expect(answers).toMatchObject([
    { status: 'error', reason: 'it broke', text: '' },
    { status: 'lost', reason: 'frozen was not heard of for 0.3 s', text: 'half' },
    { status: 'lost', reason: 'no agent took it for 0.3 s', parts: [] },
  ]);
  // Nobody begins later what was given up.
  expect(lines(ada).slice(1)).toEqual([
    '  broken (broken) error: ',
    '  frozen (frozen) cancelling: half',
    '  nobody (nobody) cancelled: ',
  ]);
});

test('sub-runs go on when the answer is complete, and are stopped when it fails', async () => {
  const crew = createCrew();
  const tap = createTap();
  await crew.agent('reader', async (run) => {
    if ((await taskOf(run)) === 'later') await run.pipe(tap.chunks);
    else await untilStopped(run);
  });
  await crew.lead(async (run) => {
    const task = await taskOf(run);
    run.delegate('reader', task === 'fail' ? 'never' : 'later');
    await run.pipe(say('asked'));
    if (task === 'fail') throw new Error('no');
  });
  const ada = await crew.person();
  const first = ada.send({ parts: said('start') }).run;
  await ended(ada, first);
  const subRun = () => runTree(ada)[0]?.subRuns[0];
  await until(ada, () => subRun()?.run.status === 'active');
  tap.say('done at last');
  tap.end();
  await until(ada, () => subRun()?.run.status === 'complete');
  const second = ada.send({ parts: said('fail') }).run;
  await ended(ada, second);
  await until(ada, () => runTree(ada)[1]?.subRuns[0]?.run.status === 'cancelled');
  expect(lines(ada)).toEqual([
    'lead (lead) complete: asked',
    '  reader (reader) complete: done at last',
    'lead (lead) error: asked',
    '  reader (reader) cancelled: ',
  ]);
});

test('what an answer that is begun again no longer asks for is stopped when it is complete', async () => {
  const crew = createCrew();
  await crew.agent('reader', async (run) =>
    (await taskOf(run)) === 'kept' ? run.pipe(say('kept')) : untilStopped(run),
  );
  let isFrozen = false;
  let calls = 0;
  const handler = async (run: Parameters<Parameters<typeof crew.lead>[0]>[0]): Promise<void> => {
    calls += 1;
    if (calls === 1) run.delegate('reader', 'dropped');
    await run.delegate('reader', 'kept').done;
    await run.pipe(say('half'));
    if (calls === 1) {
      isFrozen = true;
      await untilStopped(run);
    }
  };
  await crew.lead(handler, { channels: muted(crew.connect('one', 'agent'), () => isFrozen) });
  const ada = await crew.person();
  const { run } = ada.send({ parts: said('research') });
  await until(ada, () => isFrozen);
  await crew.lead(handler, { clientId: 'two' });
  await ended(ada, run);
  await until(ada, () => runTree(ada)[0]?.subRuns[0]?.run.status === 'cancelled');
  expect(lines(ada)).toEqual([
    'lead (lead) complete: half',
    '  reader (reader) cancelled: ',
    '  reader 2 (reader) complete: kept',
  ]);
  expect(runTree(ada)[0]?.answer?.parts.flatMap((part) => readDelegation(part) ?? [])).toHaveLength(1);
});

test('how many sub-runs there are at a time, and how deep, has limits', async () => {
  const crew = createCrew();
  const errors: unknown[] = [];
  const limits = { maxOpen: 3, maxDepth: 2 };
  const options = { delegation: limits, onError: () => {} };
  await crew.agent(
    'deep',
    async (run) => {
      try {
        const { done } = run.delegate('deep', 'deeper');
        await done;
      } catch (error) {
        errors.push(error);
      }
      await run.pipe(say('done'));
    },
    options,
  );
  await crew.agent('slow', untilStopped, options);
  await crew.lead(async (run) => {
    await run.delegate('deep', 'down').done;
    const asked = ['one', 'two', 'three'].map((task) => run.delegate('slow', task));
    try {
      run.delegate('slow', 'four');
    } catch (error) {
      errors.push(error);
    }
    // The same is no more.
    run.delegate('slow', 'one', { key: 'again' }).done.catch(() => {});
    await asked[0]?.done;
  }, options);
  const ada = await crew.person();
  const { run } = ada.send({ parts: said('research') });
  await ended(ada, run);
  expect(errors).toMatchObject([
    { code: 'limit', message: expect.stringContaining('2 levels') },
    { code: 'limit', message: expect.stringContaining('3 sub-runs') },
  ]);
  expect(ada.run(run)?.status).toBe('error');
  await expect(crew.lead(() => {}, { delegation: { maxOpen: 0 } })).rejects.toThrow(TypeError);
});

test('an id that somebody who guessed it has used is passed over, and a key finds the same sub-run', async () => {
  const crew = createCrew();
  await crew.agent('reader', async (run) => run.pipe(say(await taskOf(run))));
  const ada = await crew.person();
  let goOn = (): void => {};
  const isThere = new Promise<void>((resolve) => (goOn = resolve));
  const ids: string[] = [];
  await crew.lead(async (run) => {
    await isThere;
    const tasks = ['tides', 'moons'].map((task) => run.delegate('reader', task, { key: 'k' }));
    ids.push(...tasks.map((task) => task.run));
    await run.pipe(say((await Promise.all(tasks.map(({ done }) => done))).map(({ text }) => text).join()));
  });
  const { run } = ada.send({ parts: said('research') });
  await until(ada, () => ada.run(run)?.status === 'active');
  const guessed = subRunId(run, 'reader', JSON.stringify(['key', 'k']));
  await ada.send({ parts: said('mine') }, { run: guessed, to: 'reader' }).stored;
  goOn();
  await ended(ada, run);
  expect(new Set(ids).size).toBe(1);
  expect(ids).not.toContain(guessed);
  expect(lines(ada).slice(0, 2)).toEqual([
    'lead (lead) complete: tides,tides',
    '  reader (reader) complete: tides',
  ]);
});

test('two agents side by side: one takes what is for nobody, the other what is for it, and asking again asks the same', async () => {
  const crew = createCrew();
  await crew.lead((run) => run.pipe(say('lead')));
  await crew.agent('expert', (run) => run.pipe(say('expert')));
  const ada = await crew.person();
  const first = ada.send({ parts: said('anybody?') });
  await ended(ada, first.run);
  const second = ada.send({ parts: said('expert?') }, { to: 'expert' });
  await ended(ada, second.run);
  const again = ada.regenerate({ input: second.message });
  await ended(ada, again.run);
  expect(lines(ada)).toEqual([
    'lead (lead) complete: lead',
    'expert (expert) complete: expert',
    'expert (expert) complete: expert',
  ]);
});

test('a sub-run that is asked for again nests where it did, and is no turn either', async () => {
  const crew = createCrew();
  let calls = 0;
  await crew.agent('reader', (run) => run.pipe(say(`try ${(calls += 1)}`)));
  await crew.lead(async (run) => run.pipe(say((await run.delegate('reader', 'tides').done).text)));
  const ada = await crew.person();
  const { run } = ada.send({ parts: said('research') });
  await ended(ada, run);
  const output = runTree(ada)[0]?.subRuns[0]?.run.output;
  if (output === undefined) throw new Error('There is no answer.');
  const again = ada.regenerate({ output });
  await ended(ada, again.run);
  expect(lines(ada)).toEqual([
    'lead (lead) complete: try 1',
    '  reader (reader) complete: try 1',
    '  reader 2 (reader) complete: try 2',
  ]);
  expect(ada.snapshot.messages).toHaveLength(2);
  const fed: string[] = [];
  const last = ada.send({ parts: said('more') }).run;
  for await (const { run: each, ended: end } of feedRuns(ada, { codec: textCodec })) {
    fed.push(each);
    if (each === last && end !== undefined) break;
  }
  expect(new Set(fed)).toEqual(new Set([last]));
});
