import { decide, textOf } from '@holdfast/example-chat/model/script';
import { freePort, start, type Running } from '@holdfast/example-chat/processes';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { build, preview, type PreviewServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Takes the agents a few seconds to answer. */
const QUESTION = 'How does a lighthouse work?';
/** Takes them longer than anything here. */
const GUIDE = 'A long guide to everything, please';
const ANSWER = visible(textOf(decide({ question: QUESTION, results: new Map([['library', {}]]) })));
/** Each framework's agent has a gateway of its own. */
const AGENTS = { 'AI SDK': 'chat', 'TanStack AI': 'tanstack' } as const;
const CASES = Object.entries(AGENTS).map(([framework, example]) => ({ framework, example }));

let folder: string;
let running: Running[];
let pages: PreviewServer[];
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-frameworks-'));
  const outDir = join(folder, 'page');
  await build({ root, logLevel: 'error', build: { outDir } });
  [running, pages] = [[], []];
  for (const { example } of CASES) {
    const port = String(await freePort());
    const gateway = { PORT: port, DB: join(folder, `${example}.db`), REDIS_URL: '' };
    running.push(await start('src/gateway.ts', gateway, 'gateway:'));
    const agent = fileURLToPath(import.meta.resolve(`@holdfast/example-${example}/agent`));
    const env = {
      GATEWAY_URL: `ws://127.0.0.1:${port}/holdfast`,
      TOKENS_PER_SECOND: '60',
      ANTHROPIC_API_KEY: '',
      OPENAI_API_KEY: '',
    };
    running.push(await start(agent, env, 'agent:'));
    process.env['GATEWAY_URL'] = `http://127.0.0.1:${port}`;
    // Cut connections are what these tests are about; the proxy would report each.
    const options = { build: { outDir }, preview: { port: 0, host: '127.0.0.1' } };
    pages.push(await preview({ root, logLevel: 'silent', ...options }));
  }
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
  for (const each of pages ?? []) await each.close();
  for (const each of running?.toReversed() ?? []) await each.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}, 30_000);

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1360, height: 840 } });
  return () => context.close();
});

test.each(CASES)(
  'an answer of the $framework agent survives a reload and a cut on both pages',
  async ({ example }) => {
    const window = await open(example, 'outage');
    const asked = await frame(window, 'ai-sdk');
    await ask(asked, QUESTION);
    await asked.locator('.message.assistant .text').first().waitFor();
    await window.reload();
    const [left, right] = [await frame(window, 'ai-sdk'), await frame(window, 'tanstack')];
    const watched = [await watch(left), await watch(right)];
    await answered(right, 0.3);
    const network = right.getByRole('switch', { name: "This device's network" });
    await network.uncheck();
    await says(right, '.status', 'offline');
    await answered(left, 0.7);
    await network.check();
    await Promise.all([answered(left, 1), answered(right, 1)]);
    for (const faults of watched) expect(await faults()).toEqual([]);
    expect(await Promise.all([left, right].map(answer))).toEqual([ANSWER, ANSWER]);
    await left.locator('.tool[data-tool="library"][data-state="output-available"]').waitFor();
    await right.locator('.tool[data-tool="library"][data-state="complete"]').waitFor();
    if (process.env['SCREENSHOT'])
      await window.screenshot({ path: `${process.env['SCREENSHOT']}-${example}.png` });
  },
  90_000,
);

test.each(CASES)(
  "an answer of the $framework agent is stopped on the other framework's page",
  async ({ example }) => {
    const window = await open(example, 'stop');
    const [left, right] = [await frame(window, 'ai-sdk'), await frame(window, 'tanstack')];
    for (const [asking, other] of [
      [left, right],
      [right, left],
    ] as const) {
      await ask(asking, GUIDE);
      await other.locator('.message.assistant[data-streaming="true"] .text').waitFor();
      await other.getByRole('button', { name: 'Stop' }).click();
      await says(asking, '.status', 'stopped');
      await says(other, '.status', 'stopped');
      const [one, two] = await Promise.all([left, right].map(answer));
      expect(one).toBe(two);
    }
    const asked = [left, right].map((each) => each.locator('.message.user').allTextContents());
    expect(await Promise.all(asked)).toEqual([
      [GUIDE, GUIDE],
      [GUIDE, GUIDE],
    ]);
  },
  90_000,
);

async function open(agent: string, session: string): Promise<Page> {
  const at = CASES.findIndex(({ example }) => example === agent);
  const address = pages[at]?.resolvedUrls?.local[0] ?? '';
  const window = await context.newPage();
  await window.goto(`${address}?session=${session}`);
  return window;
}

/** One of the two pages, when it is online. */
async function frame(window: Page, name: string): Promise<Frame> {
  const element = await window.waitForSelector(`iframe[src*="/${name}.html"]`);
  const found = await element.contentFrame();
  if (found === null) throw new Error(`There is no frame ${name}.`);
  await says(found, '.network', 'Online');
  return found;
}

async function ask(page: Frame, question: string): Promise<void> {
  await page.getByLabel('Message').fill(question);
  await page.getByLabel('Message').press('Enter');
}

async function says(page: Frame, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 30_000 });
}

/** Waits until a page shows this share of the answer. */
async function answered(page: Frame, share: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const texts = [...document.querySelectorAll('.message.assistant .text')];
      return (
        texts
          .map(({ textContent }) => textContent.replace(/\s+/g, ' '))
          .join('')
          .trim().length >= wanted
      );
    },
    Math.floor(ANSWER.length * share),
    { timeout: 60_000 },
  );
}

async function answer(page: Frame): Promise<string> {
  return flatten((await page.locator('.message.assistant .text').allTextContents()).join(''));
}

/** Records every moment at which a page shows text that is no beginning of the answer, or less than before. */
async function watch(page: Frame): Promise<() => Promise<string[]>> {
  await page.evaluate((expected) => {
    const found: string[] = [];
    let longest = 0;
    const look = () => {
      const texts = [...document.querySelectorAll('.message.assistant .text')];
      const all = texts.map(({ textContent }) => textContent).join('');
      const shown = all.replace(/[\s*#_`]+/g, ' ').trim();
      if (shown === '') return;
      const good = expected.startsWith(shown) && shown.length >= longest;
      if (!good && found.length < 3) found.push(`${longest} → ${shown.length}: …${shown.slice(-80)}`);
      longest = Math.max(longest, shown.length);
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    Object.assign(globalThis, { faults: found });
  }, ANSWER);
  return () => page.evaluate(() => (globalThis as unknown as { faults: string[] }).faults);
}

/** Markdown as its reader sees it, white space folded. */
function visible(markdown: string): string {
  return flatten(markdown.replace(/[*#]+/g, ''));
}

function flatten(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
