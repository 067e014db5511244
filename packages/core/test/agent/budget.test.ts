import { expect, test } from 'vitest';
import { createScene, ended, until } from '../scene.ts';
import { said } from '../text-codec.ts';
import { muted } from '../muted.ts';

/** Processes that hang as soon as they have taken a run, each replaced by the next. */
async function hangers(count: number, recovery: { readonly attempts?: number; readonly withinMs?: number }) {
  const scene = createScene();
  const hung = new Set<number>();
  const laptop = await scene.device();
  const { run, stored } = laptop.send({ parts: said('hello') });
  await stored;
  for (let index = 0; index < count; index += 1) {
    const channels = muted(scene.connect(`worker-${index}`, 'agent'), () => hung.has(index));
    await scene.agent(
      () => {
        hung.add(index);
        return new Promise(() => {});
      },
      { leaseMs: 60, recovery, channels },
    );
    await until(laptop, () => laptop.run(run)?.attempts === index + 1 || laptop.run(run)?.status === 'lost');
  }
  await ended(laptop, run);
  return { laptop, run };
}

test('P14 a run is given up after so many attempts as its agent allows', async () => {
  const { laptop, run } = await hangers(3, { attempts: 2 });
  expect(laptop.run(run)).toMatchObject({ status: 'lost', attempts: 3 });
  expect(laptop.run(run)?.reason).toContain('2 in a row');
});

test('P14 or after so long', async () => {
  const { laptop, run } = await hangers(2, { attempts: 100, withinMs: 1 });
  expect(laptop.run(run)).toMatchObject({ status: 'lost', attempts: 2 });
  expect(laptop.run(run)?.reason).toContain('made progress for');
});
