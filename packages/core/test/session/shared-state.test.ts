import { expect, test } from 'vitest';
import { withFaults } from '@holdfast/conformance/faults';
import { openSession } from '@holdfast/core';
import { createScene, ended, until } from '../scene.ts';
import { said } from '../text-codec.ts';

test('a value is shown at once, and stays when the channel has it', async () => {
  const scene = createScene();
  const network = withFaults(scene.connect('ada'), { seed: 1 });
  const laptop = openSession({ channels: network, name: scene.name });
  const phone = await scene.device('ben');
  await laptop.ready;
  const heal = network.cut();
  const stored = laptop.setState('page', 4);
  await until(laptop, () => laptop.snapshot.state['page'] === 4);
  expect(phone.snapshot.state).toEqual({});
  heal();
  await stored;
  await until(phone, () => phone.snapshot.state['page'] === 4);
  expect(laptop.snapshot.state).toEqual({ page: 4 });
  await laptop.setState('page', undefined);
  await until(phone, () => !('page' in phone.snapshot.state));
  await laptop.close();
});

test('what was written over a value that was shown first wins on every side', async () => {
  const scene = createScene();
  const network = withFaults(scene.connect('ada'), { seed: 1 });
  const laptop = openSession({ channels: network, name: scene.name });
  const phone = await scene.device('ben');
  await laptop.ready;
  const heal = network.cut();
  const stored = laptop.setState('page', 'ada');
  await phone.setState('page', 'ben');
  await until(laptop, () => laptop.snapshot.state['page'] === 'ada');
  heal();
  await stored;
  await until(phone, () => phone.snapshot.state['page'] === 'ada');
  expect(laptop.snapshot.state).toEqual({ page: 'ada' });
  await laptop.close();
});

test('a value that is too large is taken back, and says why', async () => {
  const scene = createScene();
  const laptop = await scene.device();
  await laptop.setState('note', 'short');
  const stored = laptop.setState('note', 'x'.repeat(2 << 20));
  expect(laptop.snapshot.state['note']).toHaveLength(2 << 20);
  await expect(stored).rejects.toMatchObject({ name: 'SessionError', code: 'too_large', retryable: false });
  await until(laptop, () => laptop.snapshot.state['note'] === 'short');
  expect(laptop.snapshot.refusals).toMatchObject([{ kind: 'state', code: 'too_large' }]);
});

test('an agent reads and writes the shared state as it answers', async () => {
  const scene = createScene();
  const errors: unknown[] = [];
  await scene.agent(async (run) => {
    const { page } = run.sharedState;
    await run.setState('page', Number(page) + 1);
    // What it has written it reads.
    await run.setState('seen', run.sharedState['page']);
    await run.setState('draft', undefined);
    errors.push(await run.setState('big', 'x'.repeat(2 << 20)).catch((error: unknown) => error));
  });
  const laptop = await scene.device();
  await laptop.setState('page', 4);
  await laptop.setState('draft', 'Dear');
  const { run } = laptop.send({ parts: said('Turn over') });
  await ended(laptop, run);
  expect(laptop.snapshot.state).toEqual({ page: 5, seen: 5 });
  expect(errors).toMatchObject([{ name: 'SessionError', code: 'too_large' }]);
});
