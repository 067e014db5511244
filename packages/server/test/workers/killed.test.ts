import { expect, test } from 'vitest';
import { until } from '../../../core/test/scene.ts';
import { said, textOf } from '../../../core/test/text-codec.ts';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { temporaryFile } from '../sqlite/temporary.ts';
import { startWorker } from './processes.ts';
import { allEnded, openStage } from './stage.ts';

const SESSIONS = 8;
const KILLS = 5;

test('P15 workers are killed with SIGKILL while they listen: every run is answered all the same', async () => {
  const engine = openSqliteEngine({ path: temporaryFile(), presenceLeaseMs: 1500, synchronous: 'normal' });
  const stage = await openStage(engine);
  const workers = await Promise.all([startWorker(stage.url), startWorker(stage.url)]);
  const ada = stage.client();
  const sessions = await Promise.all(
    Array.from({ length: SESSIONS }, (_, index) => stage.open(ada, `s${index}`)),
  );
  const asked = sessions.map(() => [] as ReturnType<(typeof sessions)[number]['send']>['run'][]);
  for (let round = 0; round < KILLS; round += 1) {
    for (const [index, session] of sessions.entries())
      asked[index]?.push(session.send({ parts: said('count to five') }).run);
    const first = asked[round % SESSIONS]?.at(-1);
    const watched = sessions[round % SESSIONS];
    // Some moment after somebody has begun.
    if (first !== undefined && watched !== undefined)
      await until(watched, () => watched.run(first)?.status !== 'queued');
    const victim = workers.splice(Math.floor(Math.random() * workers.length), 1);
    await Promise.all(victim.map((worker) => worker.kill('SIGKILL')));
    workers.push(await startWorker(stage.url));
  }
  await Promise.all(sessions.map((session, index) => allEnded(session, asked[index] ?? [])));
  for (const [index, session] of sessions.entries()) {
    for (const run of asked[index] ?? []) {
      expect(session.run(run)?.status).toBe('complete');
      const answer = session.snapshot.messages.find(({ id }) => id === session.run(run)?.output);
      expect(textOf(answer?.parts ?? [])).toBe('one two three four five');
    }
  }
}, 120_000);

test('P15 a run that waits holds no process: answered after everything was restarted, it goes on', async () => {
  const path = temporaryFile();
  const open = () => openSqliteEngine({ path, presenceLeaseMs: 1500 });
  const before = await openStage(open());
  const first = await startWorker(before.url);
  const laptop = await before.open(before.client(), 's1');
  const waiting = laptop.send({ parts: said('use the tool') }).run;
  await until(laptop, () => laptop.run(waiting)?.status === 'suspended');
  const doomed = laptop.send({ parts: said('use the tool') }, { delivery: 'parallel' }).run;
  await until(laptop, () => laptop.run(doomed)?.status === 'suspended');
  await first.kill('SIGKILL');
  await before.close();

  const after = await openStage(open());
  const phone = await after.open(after.client(), 's1');
  // Nobody is there yet, neither for the answer nor for the cancel.
  await phone.cancel(doomed);
  await phone.answer({ run: waiting, callId: 'call-1' }, { type: 'output', output: 'here' });
  await until(phone, () => phone.run(doomed)?.status === 'cancelling');
  await startWorker(after.url);
  await allEnded(phone, [waiting, doomed]);
  expect(phone.run(doomed)?.status).toBe('cancelled');
  expect(phone.run(waiting)?.status).toBe('complete');
  const message = phone.message(phone.run(waiting)?.output ?? phone.run(waiting)?.input ?? ('' as never));
  expect(textOf(message?.parts ?? [])).toBe('one two three four five');
  expect(message?.parts).toContainEqual(
    expect.objectContaining({ type: 'tool', state: 'result', output: 'here' }),
  );
}, 60_000);
