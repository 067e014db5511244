import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openScene, type Scene } from './open-scene.ts';
import { answers, ask, expectText, openTab, questions } from './tab.ts';

let scene: Scene;
let context: BrowserContext;

beforeAll(async () => {
  scene = await openScene('gateway');
  await scene.startAgent();
}, 120_000);

afterAll(() => scene?.close(), 30_000);

beforeEach(async () => {
  context = await scene.browser.newContext({ viewport: { width: 900, height: 800 } });
  return () => context.close();
});

/** From now on the context's pages load, and nothing behind them can be reached; until the returned function is called. */
async function cutBackEnd(): Promise<() => Promise<void>> {
  await context.route('**/token*', (route) => route.abort());
  return () => context.unroute('**/token*');
}

function network(tab: Page) {
  return tab.getByRole('switch', { name: "This device's network" });
}

const WAITING = '.unsent[data-state="waiting"]';

/** A day goes by for what waits. */
function letExpire(tab: Page, text: string): Promise<void> {
  return tab.evaluate(
    (wanted) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('holdfast-outbox');
        opening.addEventListener('error', () => reject(new Error('no outbox')));
        opening.addEventListener('success', () => {
          const entries = opening.result.transaction('entries', 'readwrite').objectStore('entries');
          const reading = entries.getAll();
          reading.addEventListener('success', () => {
            const old = (reading.result as object[]).find((entry) => JSON.stringify(entry).includes(wanted));
            const writing = entries.put({ ...old, expires: 1 });
            writing.addEventListener('success', () => {
              opening.result.close();
              resolve();
            });
          });
        });
      }),
    text,
  );
}

it('what is written offline outlives a reload, is sent once and answered', async () => {
  const tab = await openTab(context, scene.address, 'outbox');
  const restore = await cutBackEnd();
  await network(tab).uncheck();
  await expectText(tab, '.status', 'offline');
  await ask(tab, 'What makes the tides?');
  await ask(tab, 'How does a lighthouse work?');
  await tab.locator(WAITING).nth(1).waitFor();
  await tab.reload();
  await tab.locator(WAITING).nth(1).waitFor();
  expect(await questions(tab)).toEqual(['What makes the tides?', 'How does a lighthouse work?']);
  // Without a connection more can be written, and outlives one more reload.
  await ask(tab, 'How do I bake bread?');
  await tab.locator(WAITING).nth(2).waitFor();
  await letExpire(tab, 'tides');
  await tab.reload();
  const failed = tab.locator('.unsent[data-state="failed"]');
  await failed.waitFor();
  expect(await failed.locator('span').textContent()).toBe('Not sent: there was no network for a day');
  expect(await questions(tab)).toEqual([
    'How does a lighthouse work?',
    'How do I bake bread?',
    'What makes the tides?',
  ]);
  if (process.env['SCREENSHOT']) await tab.screenshot({ path: `${process.env['SCREENSHOT']}.outbox.png` });
  await tab.locator('.unsent').first().getByRole('button', { name: 'Withdraw' }).click();
  await expect.poll(() => questions(tab)).toEqual(['How do I bake bread?', 'What makes the tides?']);
  await failed.getByRole('button', { name: 'Send again' }).click();
  await tab.locator(WAITING).nth(1).waitFor();

  // Who else signs in here sees none of it.
  const ben = await context.newPage();
  await ben.goto(`${scene.address}?session=outbox&user=Ben`);
  await ben.locator('.empty').waitFor();
  expect(await questions(ben)).toEqual([]);

  await restore();
  await tab.reload();
  await expectText(tab, '.network', 'Online');
  await expect.poll(() => answers(tab), { timeout: 20_000 }).toHaveLength(2);
  await expectText(tab, '.status', 'Every device');
  expect(await tab.locator('.unsent').count()).toBe(0);
  const other = await openTab(context, scene.address, 'outbox');
  for (const each of [tab, other])
    await expect.poll(() => questions(each)).toEqual(['How do I bake bread?', 'What makes the tides?']);
}, 60_000);

it('of two tabs one sends what the other one wrote and did not live to send', async () => {
  const [writer, watcher] = [
    await openTab(context, scene.address, 'two-tabs'),
    await openTab(context, scene.address, 'two-tabs'),
  ];
  await network(writer).uncheck();
  await expectText(writer, '.status', 'offline');
  await ask(writer, 'What makes the tides?');
  await writer.locator(WAITING).waitFor();
  await network(watcher).uncheck();
  await network(watcher).check();
  await expectText(watcher, '.network', 'Online');
  // The writer lives, and will send it itself.
  await ask(watcher, 'How do I bake bread?');
  await expect.poll(() => answers(watcher), { timeout: 20_000 }).toHaveLength(1);
  expect(await questions(watcher)).toEqual(['How do I bake bread?']);
  await writer.close();
  await expect.poll(() => answers(watcher), { timeout: 20_000 }).toHaveLength(2);
  expect(await questions(watcher)).toEqual(['How do I bake bread?', 'What makes the tides?']);
}, 60_000);
