import { expect, test } from 'vitest';
import { until } from '../scene.ts';
import { said } from '../text-codec.ts';
import { openDesk, shown, type TabOptions } from './desk.ts';

const TEXTS = ['one', 'two', 'three'];

/**
 * Three messages are written offline and sent, on a page that dies at its `dead`-th step: before or after it loads, keeps, sends or
 * forgets something. Then the page is opened again. Returns whether the first page was through before it died.
 */
async function play(dead: number): Promise<boolean> {
  const desk = openDesk();
  let steps = 0;
  let isOver = false;
  const tab = desk.open({
    step(page) {
      steps += 1;
      if (steps === dead) page.kill();
    },
  });
  await Promise.race([tab.session.ready, dyingOf(() => steps >= dead)]);
  tab.cut();
  const accepted = TEXTS.map((text) => tab.session.send({ parts: said(text) }));
  // A page that was there a moment longer has kept them.
  await Promise.race([
    expect.poll(desk.kept, { interval: 1 }).toHaveLength(TEXTS.length),
    dyingOf(() => steps >= dead),
  ]);
  const kept = (await desk.kept()).length;
  if (steps < dead) tab.heal();
  const sent = Promise.all(accepted.map(({ stored }) => stored)).then(() => (isOver = true));
  sent.catch(() => {});
  await Promise.race([expect.poll(desk.kept, { interval: 1 }).toEqual([]), dyingOf(() => steps >= dead)]);
  tab.kill();

  const published: string[] = [];
  const already = new Set((await desk.stored()).map(({ id }) => id));
  const watching: TabOptions = {
    publish(publish, { id }) {
      if (already.has(id)) published.push(id);
      return publish();
    },
  };
  const after = desk.open(watching);
  await after.session.ready;
  await expect.poll(desk.kept, { interval: 1 }).toEqual([]);
  const inTheEnd = await desk.said();
  expect(inTheEnd, `killed at step ${dead}`).toEqual(TEXTS.slice(0, inTheEnd.length));
  expect(inTheEnd.length, `killed at step ${dead}`).toBeGreaterThanOrEqual(kept);
  expect(published, `killed at step ${dead}`).toEqual([]);
  await until(after.session, () => after.session.snapshot.messages.length === inTheEnd.length);
  expect(shown(after)).toEqual(inTheEnd.map((text) => `${text}: sent`));
  return isOver && steps < dead;
}

/** Resolves once `isDead`. */
async function dyingOf(isDead: () => boolean): Promise<void> {
  while (!isDead()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test('P30 a page may die at any step: what it kept is stored once, in order', async () => {
  let step = 1;
  while (!(await play(step))) step += 1;
  expect(step).toBeGreaterThan(20);
}, 60_000);
