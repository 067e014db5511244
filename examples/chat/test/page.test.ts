import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Running } from '../check/processes.ts';
import { decide, textOf } from '../src/model/script.ts';
import { openScene, type Scene } from './open-scene.ts';
import { BUSY_AGENT, playApproval, playLoss, playWork, type StatesStage } from './states.ts';
import {
  answered,
  answers,
  ask,
  expectText,
  GUIDE,
  openTab,
  questions,
  shown,
  visible,
  watch,
} from './tab.ts';

let scene: Scene;
let agent: Running;
let context: BrowserContext;

const hire = (): Promise<Running> => scene.startAgent(BUSY_AGENT);

beforeAll(async () => {
  scene = await openScene('gateway');
  agent = await hire();
}, 120_000);

afterAll(() => scene?.close(), 30_000);

beforeEach(async () => {
  context = await scene.browser.newContext({ viewport: { width: 900, height: 800 } });
  return () => context.close();
});

it('an answer survives a reload in mid-stream', async () => {
  const tab = await openTab(context, scene.address, 'reload');
  await ask(tab, GUIDE);
  await answered(tab, 0.15);
  await tab.reload();
  const watched = watch(tab);
  await answered(tab, 1);
  expect(await watched.stop()).toEqual([]);
  expect(await answers(tab)).toEqual([shown(GUIDE)]);
  expect(await questions(tab)).toEqual([GUIDE]);
}, 60_000);

it('a second tab keeps in step', async () => {
  const first = await openTab(context, scene.address, 'tabs');
  const second = await openTab(context, scene.address, 'tabs');
  await ask(first, GUIDE);
  const watched = [watch(first), watch(second)];
  await Promise.all([answered(first, 1), answered(second, 1)]);
  for (const watcher of watched) expect(await watcher.stop()).toEqual([]);
  for (const tab of [first, second]) {
    expect(await questions(tab)).toEqual([GUIDE]);
    expect(await answers(tab)).toEqual([shown(GUIDE)]);
  }
}, 60_000);

it('an answer goes on while the network is cut, and is whole when it heals', async () => {
  const tab = await openTab(context, scene.address, 'network');
  await ask(tab, GUIDE);
  await answered(tab, 0.1);
  const watched = watch(tab);
  const network = tab.getByRole('switch', { name: "This device's network" });
  for (let round = 0; round < 3; round += 1) {
    await network.uncheck();
    await expectText(tab, '.status', 'offline');
    await tab.waitForTimeout(400);
    await network.check();
    await expectText(tab, '.network', 'Online');
  }
  await answered(tab, 1);
  expect(await watched.stop()).toEqual([]);
  expect(await answers(tab)).toEqual([shown(GUIDE)]);
}, 60_000);

it('the other tab can stop an answer', async () => {
  const first = await openTab(context, scene.address, 'stop');
  const second = await openTab(context, scene.address, 'stop');
  await ask(first, GUIDE);
  await answered(second, 0.1);
  await second.getByRole('button', { name: 'Stop' }).click();
  await expectText(first, '.status', 'stopped');
  await expectText(second, '.status', 'stopped');
  const [text] = await answers(first);
  expect(shown(GUIDE).startsWith(text ?? '?')).toBe(true);
  expect(text?.length).toBeLessThan(shown(GUIDE).length);
  expect(await answers(second)).toEqual([text]);
}, 60_000);

it('a tool call has a card, and the answer its source', async () => {
  const tab = await openTab(context, scene.address, 'tools');
  await ask(tab, 'How does a lighthouse work?');
  await tab.locator('.tool[data-tool="library"][data-state="output-available"]').waitFor();
  await expectText(tab, '.status', 'Every device');
  expect(await tab.locator('.tool').count()).toBe(1);
  expect(await tab.locator('.sources a').allTextContents()).toEqual(['Lighthouses']);
  const [text] = await answers(tab);
  expect(text).toBe(visible(textOf(decide({ question: 'lighthouse', results: new Map([['library', {}]]) }))));
}, 60_000);

it('an approval is given on one device, and its buttons go inert on both', async () => {
  const first = await openTab(context, scene.address, 'approval');
  const second = await openTab(context, scene.address, 'approval');
  await ask(first, 'Refund order 4711');
  for (const tab of [first, second]) {
    await tab.locator('.approval[data-state="open"]').waitFor();
    expect(await tab.getByRole('button', { name: 'Approve' }).isEnabled()).toBe(true);
  }
  if (process.env['SCREENSHOT'])
    await first.screenshot({ path: `${process.env['SCREENSHOT']}.approval.png` });
  await second.getByRole('button', { name: 'Approve' }).click();
  for (const tab of [first, second]) {
    await tab.locator('.approval[data-state="approved"]').waitFor();
    await expectText(tab, '.message.assistant', 'Done: 40 € for order 4711');
    expect(await tab.getByRole('button', { name: /Approve|Deny/ }).evaluateAll(areInert)).toEqual([
      true,
      true,
    ]);
  }
  await first.reload();
  await first.locator('.approval[data-state="approved"]').waitFor();
  expect(await first.getByRole('button', { name: /Approve|Deny/ }).evaluateAll(areInert)).toEqual([
    true,
    true,
  ]);
}, 60_000);

/** Runs a play; resolves with the states that showed. Buttons do something only while an approval is alive. */
async function statesOf(play: (stage: StatesStage) => Promise<unknown>): Promise<readonly string[]> {
  const states: string[] = [];
  const watched: ReturnType<typeof watch>[] = [];
  await play({
    watch: (page) => void watched.push(watch(page)),
    scene,
    context,
    async shows(state, page) {
      states.push(state);
      expect(await page.locator('.approval button:enabled').count()).toBe(state === 'waiting' ? 2 : 0);
    },
  });
  for (const watcher of watched) expect(await watcher.stop()).toEqual([]);
  return states;
}

it('says what an agent is at: it thinks, waits for the model, writes, uses a tool, or does not get on', async () => {
  expect(await statesOf(playWork)).toEqual(['thinking', 'queued', 'stalled', 'calling', 'streaming']);
}, 90_000);

it('says whom a run waits for, and with what it goes on', async () => {
  expect(await statesOf(playApproval)).toEqual(['waiting', 'changed']);
}, 60_000);

it('says that an agent is lost and why, that an approval is dead though no agent is there, and another one goes on', async () => {
  expect(await statesOf(async (stage) => (agent = await playLoss(stage, agent, hire)))).toEqual([
    'lost',
    'expired',
    'denied',
    'denied',
  ]);
}, 90_000);

it('shows who is here and the second device beside it', async () => {
  await context.close();
  context = await scene.browser.newContext({ viewport: { width: 1380, height: 860 } });
  const tab = await openTab(context, scene.address, 'phone');
  const phone = tab.frameLocator('iframe');
  await ask(tab, 'What makes the tides?');
  await phone.locator('.message.assistant .text').first().waitFor();
  await expectText(tab, '.status', 'Every device');
  expect(await tab.locator('.people li').count()).toBeGreaterThanOrEqual(2);
  expect(await phone.locator('.message.assistant .text').allTextContents()).toEqual(
    await tab.locator('.message.assistant .text').allTextContents(),
  );
  if (process.env['SCREENSHOT']) await tab.screenshot({ path: process.env['SCREENSHOT'] });
}, 60_000);

function areInert(buttons: (HTMLElement | SVGElement)[]): boolean[] {
  return buttons.map((button) => button instanceof HTMLButtonElement && button.disabled);
}
