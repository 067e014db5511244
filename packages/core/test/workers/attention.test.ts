import {
  decideApproval,
  enterWatching,
  readApproval,
  watchersOf,
  type AttentionReport,
  type Page,
  type Unattended,
} from '@holdfast/core';
import { expect, test } from 'vitest';
import { createScene, createTap, ended, until } from '../scene.ts';
import { said, textOf, type TextChunk } from '../text-codec.ts';

/** Counts how many chunks it was asked for. */
function counted(chunks: number) {
  const asked = { chunks: 0 };
  async function* stream(): AsyncGenerator<TextChunk> {
    while (asked.chunks < chunks) {
      asked.chunks += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
      yield { type: 'text', text: 'word ' };
    }
  }
  return { asked, stream };
}

function openPage(): Page & { turn(visibilityState: string): void } {
  let change = (): void => {};
  const page = {
    visibilityState: 'visible',
    addEventListener: (_: string, listener: () => void) => void (change = listener),
    removeEventListener: () => void (change = () => {}),
    turn(visibilityState: string) {
      page.visibilityState = visibilityState;
      change();
    },
  };
  return page;
}

test('who is present watches, unless it is an agent, or a page that cannot be seen', async () => {
  const scene = createScene();
  await scene.agent(() => {});
  const laptop = await scene.device();
  const phone = await scene.device('ben');
  await until(laptop, () => laptop.snapshot.participants.length === 1);
  expect(watchersOf(laptop)).toEqual([]);
  await laptop.enter('no object at all');
  const page = openPage();
  const leave = await enterWatching(phone, { data: { device: 'phone' }, page });
  await until(laptop, () => watchersOf(laptop).length === 2);
  page.turn('hidden');
  await until(laptop, () => watchersOf(laptop).length === 1);
  expect(laptop.snapshot.participants).toHaveLength(3);
  page.turn('visible');
  await until(laptop, () => watchersOf(laptop).length === 2);
  expect(watchersOf(laptop).map(({ data }) => data)).toContainEqual({ device: 'phone', watching: true });
  await leave();
  await until(laptop, () => watchersOf(laptop).length === 1);
});

test('pause: nothing is asked of the model until somebody is there, and its agent is not taken for dead', async () => {
  const scene = createScene();
  const { asked, stream } = counted(40);
  const reports: AttentionReport[] = [];
  await scene.agent((run) => run.pipe(stream()), {
    leaseMs: 90,
    attention: { whenUnwatched: 'pause', afterMs: 20 },
    onAttention: (report) => reports.push(report),
  });
  const laptop = await scene.device();
  /** Resolves at the n-th sign of life that says it waits for a person. */
  const waited = (count: number): Promise<void> =>
    new Promise((resolve) => {
      let beats = 0;
      const stop = laptop.onSignal(({ name, data }) => {
        if (name === 'beat' && JSON.stringify(data).includes('"person"')) beats += 1;
        if (beats < count) return;
        stop();
        resolve();
      });
    });
  const waiting = waited(1);
  const { run } = laptop.send({ parts: said('hi') });
  await waiting;
  const before = asked.chunks;
  expect(before).toBeLessThan(40);
  // Three leases of nothing: there are three beats to a lease.
  await waited(9);
  expect([asked.chunks, laptop.run(run)?.status]).toEqual([before, 'active']);
  await laptop.enter();
  await ended(laptop, run);
  expect(asked.chunks).toBe(40);
  expect(textOf(laptop.snapshot.messages.at(-1)?.parts ?? [])).toBe('word '.repeat(40));
  expect(reports).toMatchObject([{ stopped: false, slowedMs: 0, unaskedCharacters: expect.any(Number) }]);
  expect(reports[0]?.pausedMs).toBeGreaterThan(200);
});

test('stop: what nobody watches ends, says why, and keeps its text; the rest was never asked for', async () => {
  const scene = createScene();
  const { asked, stream } = counted(100_000);
  const reports: AttentionReport[] = [];
  const unattended: Unattended[] = [];
  await scene.agent((run) => run.pipe(stream()), {
    attention: () => ({ whenUnwatched: 'stop', afterMs: 100 }),
    onAttention: (report) => reports.push(report),
    onUnattended: (event) => unattended.push(event),
  });
  const laptop = await scene.device();
  await laptop.enter();
  const { run } = laptop.send({ parts: said('hi') });
  await until(laptop, () => laptop.log(run).includes('word'));
  await laptop.leave();
  await ended(laptop, run);
  expect(laptop.run(run)).toMatchObject({ status: 'cancelled', reason: 'nobody was watching' });
  expect(textOf(laptop.snapshot.messages.at(-1)?.parts ?? [])).toMatch(/^(word )+$/);
  expect(asked.chunks).toBeLessThan(100_000);
  expect(reports).toMatchObject([{ stopped: true, pausedMs: 0 }]);
  expect(unattended).toMatchObject([
    { session: 'scene', why: 'ended', run: { id: run, status: 'cancelled' } },
  ]);
});

test('slow: it goes on at a pace, and at full speed when somebody comes', async () => {
  const scene = createScene();
  const { asked, stream } = counted(200);
  await scene.agent((run) => run.pipe(stream()), {
    attention: { whenUnwatched: 'slow', afterMs: 0, chunksPerSecond: 20 },
  });
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('hi') });
  await until(laptop, () => laptop.log(run).includes('word word word'));
  const began = performance.now();
  const before = asked.chunks;
  await until(laptop, () => asked.chunks >= before + 5);
  // Five chunks take 250 ms at that pace, and 10 ms at the stream's own.
  expect(performance.now() - began).toBeGreaterThan(150);
  await laptop.enter();
  await ended(laptop, run);
  expect(laptop.run(run)?.status).toBe('complete');
});

test('an agent hears of what ends, or asks, while nobody is there, and of nothing else', async () => {
  const scene = createScene();
  const unattended: Unattended[] = [];
  const answer = createTap();
  await scene.agent((run) => (run.log === '' ? run.pipe(call()) : run.pipe(answer.chunks)), {
    onUnattended: (event) => unattended.push(event),
  });
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('where am I?') });
  await until(laptop, () => laptop.run(run)?.status === 'suspended');
  await expect.poll(() => unattended).toMatchObject([{ why: 'asks', run: { id: run } }]);
  const phone = await scene.device('ben');
  await phone.enter({ watching: true });
  await laptop.answer({ run, callId: 'call-1' }, { type: 'output', output: 'here' });
  answer.end();
  await ended(laptop, run);
  expect(unattended).toHaveLength(1);
});

test.each([
  ['waits in the process', 20_000],
  ['rests soon', 100],
])('what is asked while nobody is there is told at once, and once, where the run %s', async (_, holdMs) => {
  const scene = createScene();
  const unattended: Unattended[] = [];
  await scene.agent(
    async (run) => {
      for (const name of ['first', 'second']) await run.requestApproval(name, {});
    },
    { onUnattended: (event) => unattended.push(event), holdMs },
  );
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('may you?') });
  const asked = (name: string) =>
    until(laptop, () => readApproval(laptop, { run, callId: `${name}-1` })?.state === 'open');
  const decide = async (name: string) => {
    const approval = readApproval(laptop, { run, callId: `${name}-1` });
    if (approval !== undefined) await decideApproval(laptop, approval, { ok: true });
  };
  await asked('first');
  await expect.poll(() => unattended).toMatchObject([{ why: 'asks', run: { id: run } }]);
  if (holdMs < 1000) await until(laptop, () => laptop.run(run)?.status === 'suspended');
  await decide('first');
  await asked('second');
  await expect.poll(() => unattended).toHaveLength(2);
  if (holdMs < 1000) await until(laptop, () => laptop.run(run)?.status === 'suspended');
  await decide('second');
  await ended(laptop, run);
  await expect.poll(() => unattended.map(({ why }) => why)).toEqual(['asks', 'asks', 'ended']);
});

async function* call(): AsyncGenerator<TextChunk> {
  yield { type: 'call', id: 'call-1', name: 'where' };
}
