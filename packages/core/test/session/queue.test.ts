import type { RunId } from '@holdfast/core';
import { expect, test } from 'vitest';
import { createScene, createTap, ended, until } from '../scene.ts';
import { said, textOf, type TextChunk } from '../text-codec.ts';

/** An agent that is busy with a first question until `free`, and then says what it was asked. */
async function busy() {
  const scene = createScene();
  const tap = createTap();
  const asked: string[] = [];
  await scene.agent(async (run) => {
    const question = (await run.prompt()).at(-1) ?? '';
    asked.push(question);
    await run.pipe(asked.length === 1 ? tap.chunks : echo(question));
  });
  const laptop = await scene.device();
  const first = laptop.send({ parts: said('first') });
  await until(laptop, () => laptop.run(first.run)?.status === 'active');
  const queued = (): readonly RunId[] =>
    laptop.snapshot.runs.filter(({ status }) => status === 'queued').map(({ id }) => id);
  return { scene, laptop, asked, queued, free: () => tap.end() };
}

async function* echo(text: string): AsyncGenerator<TextChunk> {
  yield { type: 'text', text };
}

test('what waits can be listed, changed and taken out, from any device', async () => {
  const { scene, laptop, asked, queued, free } = await busy();
  const second = laptop.send({ parts: said('second') });
  const third = laptop.send({ parts: said('third') });
  await Promise.all([second.stored, third.stored]);
  expect(queued()).toEqual([second.run, third.run]);
  const phone = await scene.device();
  const better = phone.send({ parts: said('a better second') }, { replaces: second.run });
  await better.stored;
  await phone.cancel(third.run);
  await until(laptop, () => laptop.run(third.run)?.status === 'cancelled');
  expect(laptop.snapshot.messages.map(({ parts }) => textOf(parts))).toContain('a better second');
  expect(laptop.snapshot.messages.map(({ parts }) => textOf(parts))).not.toContain('second');
  free();
  await ended(laptop, better.run);
  expect(asked).toEqual(['user: first', 'user: a better second']);
});

test('what an agent has taken can not be replaced any more, and its sender is told', async () => {
  const { laptop, queued, free } = await busy();
  const [taken] = laptop.snapshot.runs;
  const late = laptop.send({ parts: said('too late') }, { replaces: taken?.id ?? ('' as string as RunId) });
  await late.stored;
  await until(laptop, () => laptop.snapshot.refusals.length > 0);
  expect(laptop.snapshot.refusals).toMatchObject([{ record: late.run, code: 'late' }]);
  expect(queued()).toEqual([]);
  free();
  expect(() => laptop.send({ parts: said('x') }, { replaces: 'nothing' as string as RunId })).toThrow(
    'no such message',
  );
});
