import { afterAll, beforeAll, expect, it } from 'vitest';
import { openScene, type Scene } from './open-scene.ts';
import { answered, answers, ask, expectText, GUIDE, openTab, questions, shown, watch } from './tab.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene('ably', ['ably']);
  await scene.startAgent();
}, 120_000);

afterAll(() => scene?.close(), 30_000);

it('over Ably an answer survives cut networks and a reload in mid-stream, on two tabs', async () => {
  const context = await scene.browser.newContext();
  const [first, second] = [
    await openTab(context, scene.address, 'ably'),
    await openTab(context, scene.address, 'ably'),
  ];
  await ask(first, GUIDE);
  await answered(first, 0.1);
  const watched = watch(first);
  const network = first.getByRole('switch', { name: "This device's network" });
  await network.uncheck();
  await expectText(first, '.status', 'offline');
  await answered(second, 0.3);
  await second.reload();
  await network.check();
  const reloaded = watch(second);
  await Promise.all([answered(first, 1), answered(second, 1)]);
  expect([await watched.stop(), await reloaded.stop()]).toEqual([[], []]);
  for (const tab of [first, second]) {
    expect(await questions(tab)).toEqual([GUIDE]);
    expect(await answers(tab)).toEqual([shown(GUIDE)]);
  }
}, 60_000);
