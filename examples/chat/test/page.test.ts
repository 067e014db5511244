import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { build, preview, type PreviewServer } from 'vite';
import { freePort, start, type Running } from '../check/processes.ts';
import { decide, textOf } from '../src/model/script.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = 'A long guide to everything, please';
const SESSIONS = ['reload', 'tabs', 'network', 'stop', 'tools', 'takeover', 'phone'];

let folder: string;
let gateway: Running;
let agent: Running;
let startAgent: () => Promise<Running>;
let page: PreviewServer;
let browser: Browser;
let context: BrowserContext;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-page-'));
  const port = await freePort();
  gateway = await start('src/gateway.ts', { PORT: String(port), DB: join(folder, 'chat.db') }, 'gateway:');
  startAgent = () =>
    start(
      'src/agent/main.ts',
      {
        GATEWAY_URL: `ws://127.0.0.1:${port}/holdfast`,
        SESSIONS: SESSIONS.join(','),
        TOKENS_PER_SECOND: '300',
        ANTHROPIC_API_KEY: '',
        OPENAI_API_KEY: '',
      },
      'agent:',
    );
  agent = await startAgent();
  process.env['GATEWAY_URL'] = `http://127.0.0.1:${port}`;
  const outDir = join(folder, 'page');
  await build({ root, logLevel: 'error', build: { outDir } });
  page = await preview({
    root,
    // Cut connections are what these tests are about; the proxy would report each.
    logLevel: 'silent',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  address = page.resolvedUrls?.local[0] ?? '';
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await page?.close();
  await agent?.kill('SIGTERM');
  await gateway?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}, 30_000);

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 900, height: 800 } });
  return () => context.close();
});

it('an answer survives a reload in mid-stream', async () => {
  const tab = await openTab('reload');
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
  const first = await openTab('tabs');
  const second = await openTab('tabs');
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
  const tab = await openTab('network');
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
  const first = await openTab('stop');
  const second = await openTab('stop');
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
  const tab = await openTab('tools');
  await ask(tab, 'How does a lighthouse work?');
  await tab.locator('.tool[data-tool="library"][data-state="output-available"]').waitFor();
  await expectText(tab, '.status', 'Every device');
  expect(await tab.locator('.tool').count()).toBe(1);
  expect(await tab.locator('.sources a').allTextContents()).toEqual(['Lighthouses']);
  const [text] = await answers(tab);
  expect(text).toBe(visible(textOf(decide({ question: 'lighthouse', results: new Map([['library', {}]]) }))));
}, 60_000);

it('says when the assistant is gone, and another one finishes the sentence', async () => {
  const tab = await openTab('takeover');
  await ask(tab, GUIDE);
  await answered(tab, 0.2);
  const watched = watch(tab);
  await agent.kill('SIGKILL');
  await expectText(tab, '.status', 'Another one takes over');
  if (process.env['SCREENSHOT']) await tab.screenshot({ path: `${process.env['SCREENSHOT']}.gone.png` });
  agent = await startAgent();
  await answered(tab, 1);
  expect(await watched.stop()).toEqual([]);
  expect(await answers(tab)).toEqual([shown(GUIDE)]);
  await expectText(tab, '.status', 'Every device');
}, 60_000);

it('shows who is here and the second device beside it', async () => {
  await context.close();
  context = await browser.newContext({ viewport: { width: 1380, height: 860 } });
  const tab = await openTab('phone');
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

async function openTab(session: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(`${address}?session=${session}`);
  await expectText(tab, '.network', 'Online');
  return tab;
}

async function ask(tab: Page, question: string): Promise<void> {
  await tab.getByLabel('Message').fill(question);
  await tab.keyboard.press('Enter');
}

/** Waits until a tab shows this share of the guide. */
async function answered(tab: Page, share: number): Promise<void> {
  const length = Math.floor(shown(GUIDE).length * share);
  await tab.waitForFunction(
    (wanted) => {
      const texts = [...document.querySelectorAll('.message.assistant .text')];
      const shown = texts
        .map((element) => element.textContent.replace(/\s+/g, ' '))
        .join('')
        .trim();
      return shown.length >= wanted;
    },
    length,
    { timeout: 45_000 },
  );
}

async function answers(tab: Page): Promise<string[]> {
  return (await tab.locator('.message.assistant').all()).reduce<Promise<string[]>>(
    async (before, message) => [
      ...(await before),
      flatten((await message.locator('.text').allTextContents()).join('')),
    ],
    Promise.resolve([]),
  );
}

async function questions(tab: Page): Promise<string[]> {
  return tab.locator('.message.user .text').allTextContents();
}

async function expectText(tab: Page, selector: string, text: string): Promise<void> {
  await tab.locator(selector, { hasText: text }).first().waitFor({ timeout: 30_000 });
}

/** Records every moment at which the page shows text that is no beginning of the guide, or less than before. */
function watch(tab: Page): { stop(): Promise<string[]> } {
  const faults = tab.evaluate((expected) => {
    const found: string[] = [];
    let longest = 0;
    const look = () => {
      const texts = [...document.querySelectorAll('.message.assistant:last-of-type .text')];
      const shown = texts
        .map((element) => element.textContent)
        .join('')
        .replace(/[\s*#_`]+/g, ' ')
        .trim();
      if (shown === '') return;
      const good = expected.startsWith(shown) && shown.length >= longest;
      if (!good && found.length < 3) found.push(`${longest} → ${shown.length}: …${shown.slice(-80)}`);
      longest = Math.max(longest, shown.length);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { stopWatching: () => (observer.disconnect(), found) });
  }, shown(GUIDE));
  return {
    async stop() {
      await faults;
      return tab.evaluate(() => (window as unknown as { stopWatching(): string[] }).stopWatching());
    },
  };
}

function shown(question: string): string {
  return visible(textOf(decide({ question, results: new Map() })));
}

/** Markdown as its reader sees it, white space folded. */
function visible(markdown: string): string {
  return flatten(markdown.replace(/[*#]+/g, ''));
}

function flatten(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
