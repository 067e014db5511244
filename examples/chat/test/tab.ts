import type { BrowserContext, Page } from 'playwright-core';
import { decide, textOf } from '../src/model/script.ts';

/** The question whose answer is long enough to do something to the page meanwhile. */
export const GUIDE = 'A long guide to everything, please';

/** Opens the page on a session. */
export async function openTab(context: BrowserContext, address: string, session: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(`${address}?session=${session}`);
  await expectText(tab, '.network', 'Online');
  return tab;
}

export async function ask(tab: Page, question: string): Promise<void> {
  await tab.getByLabel('Message').fill(question);
  await tab.keyboard.press('Enter');
}

/** Waits until a tab shows this share of the guide. */
export async function answered(tab: Page, share: number): Promise<void> {
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

export async function answers(tab: Page): Promise<string[]> {
  return (await tab.locator('.message.assistant').all()).reduce<Promise<string[]>>(
    async (before, message) => [
      ...(await before),
      flatten((await message.locator('.text').allTextContents()).join('')),
    ],
    Promise.resolve([]),
  );
}

export async function questions(tab: Page): Promise<string[]> {
  return tab.locator('.message.user .text').allTextContents();
}

export async function expectText(tab: Page, selector: string, text: string): Promise<void> {
  await tab.locator(selector, { hasText: text }).first().waitFor({ timeout: 30_000 });
}

/** Records every moment at which the page shows text that is no beginning of the guide, or less than before. */
export function watch(tab: Page): { stop(): Promise<string[]> } {
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

export function shown(question: string): string {
  return visible(textOf(decide({ question, results: new Map() })));
}

/** Markdown as its reader sees it, white space folded. */
export function visible(markdown: string): string {
  return flatten(markdown.replace(/[*#]+/g, ''));
}

function flatten(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
