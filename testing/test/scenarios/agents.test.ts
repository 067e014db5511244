import type { Session } from '@holdfast/core';
import { runTree } from '@holdfast/core/agents';
import { expect } from 'vitest';
import { lines, say, taskOf, untilStopped } from '../../../packages/core/test/agents/crew.ts';
import { ended, said, until } from './conversation.ts';
import { scenario } from './scenario.ts';
import type { Stage, TextRun } from './stage.ts';

const LEASE_MS = 400;

/** One process of an agent that takes only what it is asked by name. */
async function hire(stage: Stage, name: string, clientId: string, run: (run: TextRun) => Promise<void>) {
  const channels = await stage.connect({ clientId, role: 'agent' });
  await stage.agent(run, { name, channels, answers: 'addressed', leaseMs: LEASE_MS });
  return channels;
}

async function lead(run: TextRun): Promise<void> {
  const question = await taskOf(run);
  const asked = [
    run.delegate('reader', `${question}: tides`, { label: 'Tides' }),
    run.delegate('reader', `${question}: moons`),
    run.delegate('writer', `${question}: a poem`),
  ];
  const answers = await Promise.all(asked.map(({ done }) => done));
  await run.pipe(say(answers.map(({ status, text }) => `${status} ${text}`).join(' + ')));
}

async function startWriting(run: TextRun): Promise<void> {
  await run.pipe(say('half'));
  await untilStopped(run);
}

scenario(
  'three sub-agents answer at once, two of one name: one is stopped alone, two lose their process, then all are stopped',
  async (stage) => {
    await stage.agent(lead, {
      name: 'lead',
      channels: await stage.connect({ clientId: 'lead', role: 'agent' }),
    });
    await hire(stage, 'writer', 'writer', startWriting);
    const doomed = await hire(stage, 'reader', 'reader-1', startWriting);
    const [ada, ben] = [await stage.session('ada'), await stage.session('ben')];

    const { run } = ada.send({ parts: said('one') });
    const tasks = (session: Session) => runTree(session).at(-1)?.subRuns ?? [];
    const working = (): boolean =>
      [ada, ben].every(
        (session) => lines(session).filter((line) => line.endsWith(') active: half')).length === 3,
      );
    await Promise.all([until(ada, working), until(ben, working)]);
    expect(tasks(ben).map(({ name, agent, order }) => [name, agent, order])).toEqual([
      ['Tides', 'reader', 1],
      ['reader', 'reader', 2],
      ['writer', 'writer', 3],
    ]);

    const poem = tasks(ada)[2]?.run.id ?? run;
    await ada.cancel(poem, { reason: 'no poems' });
    await until(ben, () => ben.run(poem)?.status === 'cancelled');
    expect(tasks(ben).map((each) => each.run.status)).toEqual(['active', 'active', 'cancelled']);

    // The process of both readers is gone; another one does what they were at, and whoever waits does not notice.
    stage.finally(stage.backend.cut(doomed));
    await hire(stage, 'reader', 'reader-2', async (each) =>
      (await taskOf(each)).startsWith('one') ? each.pipe(say('whole')) : startWriting(each),
    );
    await ended(ada, run);
    await until(ben, () => ben.run(run)?.status === 'complete');
    const first = [
      'lead (lead) complete: complete whole + complete whole + cancelled half',
      '  Tides (reader) complete: whole',
      '  reader (reader) complete: whole',
      '  writer (writer) cancelled: half',
    ];
    for (const session of [ada, ben, await stage.session('eve')]) {
      expect(lines(session)).toEqual(first);
      expect(tasks(session).map((each) => each.run.agent?.clientId)).toEqual([
        'reader-2',
        'reader-2',
        'writer',
      ]);
      // What agents ask each other is no turn of the conversation.
      expect(session.snapshot.messages).toHaveLength(2);
    }

    const second = ada.send({ parts: said('two') }).run;
    await until(ben, () => working());
    // A question is stopped by who asked it, or by whoever works here: others are refused.
    await ben.cancel(second);
    await until(ben, () => ben.snapshot.refusals.length > 0);
    await ada.cancel(second);
    const stopped = [
      'lead (lead) cancelled: ',
      '  Tides (reader) cancelled: half',
      '  reader (reader) cancelled: half',
      '  writer (writer) cancelled: half',
    ];
    for (const session of [ada, ben]) {
      await until(session, () =>
        lines(session)
          .slice(4)
          .every((line) => line.includes('cancelled')),
      );
      expect(lines(session)).toEqual([...first, ...stopped]);
    }
  },
);
