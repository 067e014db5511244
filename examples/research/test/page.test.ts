import { freePort, type Running } from '@holdfast/example-chat/processes';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, preview, type PreviewServer } from 'vite';
import { findSubject, textOf } from '../src/model/script.ts';
import { AGENTS, startAgent, startGateway } from '../src/processes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const QUESTION = 'Why are there tides?';

let folder: string;
let running: Running[];
let server: PreviewServer;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-research-'));
  const outDir = join(folder, 'page');
  const place = { port: await freePort(), file: join(folder, 'research.db') };
  running = [await startGateway(place)];
  process.env['GATEWAY_URL'] = `http://127.0.0.1:${place.port}`;
  const [agents] = await Promise.all([
    Promise.all(
      AGENTS.map((name) => startAgent(name, { ...place, tokensPerSecond: name === 'lead' ? 150 : 15 })),
    ),
    build({ root, logLevel: 'error', build: { outDir } }),
  ]);
  running.push(...agents);
  server = await preview({
    root,
    logLevel: 'silent',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
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
  await server?.close();
  for (const each of running?.toReversed() ?? []) await each.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}, 30_000);

test('a page shows who does what, stops one of them or all, and shows what each answer rests on', async () => {
  const [laptop, phone] = [await open(), await open()];
  await ask(laptop);
  const writing = phone.locator('.below > .agent[data-status="active"] .text');
  await expect.poll(() => writing.count(), WAIT).toBe(3);
  expect(await names(phone)).toEqual(['What pulls', 'Why coasts differ', 'Who found out']);
  expect(await phone.locator('.below > .agent .by').allTextContents()).toEqual([
    'reader',
    'reader',
    'historian',
  ]);
  await phone.locator('.doing', { hasText: 'waiting for the others' }).waitFor();

  // One alone, from another device than the one that asked.
  await phone.getByRole('button', { name: 'Stop Why coasts differ' }).click();
  await laptop.locator('.agent[data-name="Why coasts differ"][data-status="cancelled"]').waitFor();
  await shoot(laptop, 'live');
  await laptop.locator('.turn[data-status="complete"]').waitFor(WAIT);
  expect(await statuses(laptop)).toEqual(['complete', 'cancelled', 'complete']);
  const subject = findSubject(QUESTION);
  for (const [at, { findings, label }] of (subject?.briefs ?? []).entries()) {
    const shown = await textIn(laptop.locator(`.agent[data-name="${label}"]`));
    if (at === 1) expect(flat(textOf(findings)).startsWith(shown)).toBe(true);
    else expect(shown).toBe(flat(textOf(findings)));
  }
  const answer = laptop.locator('.turn');
  expect(await textIn(answer)).toBe(flat(`${subject?.plan}\n\n${textOf(subject?.summary ?? [])}`));
  // Each source has one number, where the text first comes to it.
  await expect
    .poll(() => answer.locator('sup').allTextContents(), WAIT)
    .toEqual(['1', '2', '3', '4', '5', '6']);
  expect(await answer.locator('summary').textContent()).toBe(
    '4 from en.wikipedia.org, 2 from britannica.com',
  );
  const historian = laptop.locator('.agent[data-name="Who found out"]');
  expect(await historian.locator('summary').textContent()).toBe(
    '2 from en.wikipedia.org, 1 from britannica.com',
  );
  await shoot(laptop, 'done');

  await ask(phone);
  await expect.poll(() => writing.count(), WAIT).toBe(3);
  await laptop.getByRole('button', { name: 'Stop all' }).click();
  await expect.poll(() => statuses(phone), WAIT).toEqual(['cancelled', 'cancelled', 'cancelled']);
  await phone.locator('.turn[data-status="cancelled"]').waitFor();
  expect(await phone.locator('.turn').count()).toBe(2);
}, 90_000);

const WAIT = { timeout: 30_000 };

async function open(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}?session=page`);
  await page.locator('header', { hasText: 'online' }).waitFor();
  return page;
}

async function ask(page: Page): Promise<void> {
  await page.getByLabel('Question').fill(QUESTION);
  await page.keyboard.press('Enter');
}

function names(page: Page): Promise<string[]> {
  return page.locator('.below > .agent h3').allTextContents();
}

function statuses(page: Page): Promise<(string | null)[]> {
  return page
    .locator('.below > .agent')
    .evaluateAll((all) => all.map((each) => each.getAttribute('data-status')));
}

/** The text of an answer, without the numbers of its sources. */
async function textIn(place: Locator): Promise<string> {
  const pieces = await place
    .locator('.text > span:not(.caret)')
    .evaluateAll((all) =>
      all.map((each) =>
        [...each.childNodes]
          .map((node) => (node.nodeName === 'SUP' ? '' : (node.textContent ?? '')))
          .join(''),
      ),
    );
  return flat(pieces.join(''));
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

async function shoot(page: Page, name: string): Promise<void> {
  const path = process.env['SCREENSHOT'];
  if (path) await page.screenshot({ path: `${path}-${name}.png` });
}
