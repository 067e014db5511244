import type { BrowserContext, Page } from 'playwright-core';
import type { Running } from '../check/processes.ts';
import type { Scene } from './open-scene.ts';
import { answered, ask, expectText, GUIDE, openTab } from './tab.ts';

/** What the page shows of an agent, brought about with the real one. */
export interface StatesStage {
  readonly scene: Scene;
  readonly context: BrowserContext;
  /** Told of each state while it shows: by name, on which page. */
  readonly shows: (state: string, page: Page) => Promise<void>;
  /** Told of a page on which an answer is about to be gone on with by another process. */
  readonly watch?: (page: Page) => void;
}

/** An agent that asks its model for one answer at a time, and whose look-ups take long enough to be seen. */
export const BUSY_AGENT = { MODEL_SLOTS: '1', LOOK_UP_MS: '3000' };
const STALL = 'stallMs=4000';

/** Every state of a run that has a process. */
export async function playWork({ scene, context, shows }: StatesStage): Promise<void> {
  const silent = await openTab(context, scene.address, `silent&${STALL}`);
  const tools = await openTab(context, scene.address, 'tools-and-slots');
  await ask(silent, 'Keep silent');
  await expectText(silent, '.status', 'Assistant is thinking');
  await shows('thinking', silent);
  await ask(tools, 'How does a lighthouse work?');
  await expectText(tools, '.status', 'Assistant waits for the model');
  await shows('queued', tools);
  await expectText(silent, '.status', 'The assistant is there, but does not get on');
  await shows('stalled', silent);
  // It is the turn of who waited.
  await silent.getByRole('button', { name: 'Stop' }).click();
  await expectText(tools, '.status', 'Assistant is using library');
  await shows('calling', tools);
  await expectText(silent, '.status', 'The last answer was stopped');
  await expectText(tools, '.status', 'Every device');
  await ask(silent, GUIDE);
  await expectText(silent, '.status', 'Assistant is writing');
  await expectText(silent, '.message.assistant .text', 'useful things');
  await shows('streaming', silent);
  await silent.getByRole('button', { name: 'Stop' }).click();
  await expectText(silent, '.status', 'The last answer was stopped');
}

/** An approval that can be given, with other arguments: then it can't be given again. */
export async function playApproval({ scene, context, shows }: StatesStage): Promise<void> {
  const tab = await openTab(context, scene.address, 'approval-states');
  await ask(tab, 'Refund order 4711');
  await tab.locator('.approval[data-state="open"]').waitFor();
  await expectText(tab, '.status', 'Somebody has to approve “refund”');
  await shows('waiting', tab);
  // Over the limit of what the agent takes: nothing is paid, and it is still asked.
  await tab.getByLabel('euros').fill('250');
  await tab.getByRole('button', { name: 'Approve' }).click();
  await expectText(tab, '.approval', 'Your decision did not count');
  await tab.getByLabel('euros').fill('25');
  await tab.getByRole('button', { name: 'Approve' }).click();
  await tab.locator('.approval[data-state="approved"]').waitFor();
  await expectText(tab, '.approval', 'Changed: euros 40 → 25');
  await expectText(tab, '.message.assistant', 'Done: 25 € for order 4711');
  await shows('changed', tab);
}

/** The agent's process is killed: while it answers, and while a run rests. Resolves when another one has made up for it. */
export async function playLoss(
  { scene, context, shows, watch }: StatesStage,
  agent: Running,
  hire: () => Promise<Running>,
): Promise<Running> {
  const asking = await openTab(context, scene.address, 'expired');
  await ask(asking, 'Refund order 4712');
  await asking.locator('.approval[data-state="open"]').waitFor();
  const phone = await openTab(context, scene.address, 'expired');
  const tab = await openTab(context, scene.address, 'lost');
  await ask(tab, GUIDE);
  await expectText(tab, '.message.assistant .text', 'useful things');
  watch?.(tab);
  await agent.kill('SIGKILL');
  await expectText(tab, '.status', 'Nothing is heard of the assistant. Another one takes over.');
  await shows('lost', tab);
  // Nobody is there to say that the time is over.
  await asking.locator('.approval[data-state="expired"]').waitFor();
  await expectText(asking, '.status', 'Nobody approved “refund” in time');
  await shows('expired', asking);
  const next = await hire();
  for (const page of [asking, phone]) {
    await page.locator('.approval[data-state="denied"]').waitFor();
    await expectText(page, '.approval', 'Nobody decided in time');
    await expectText(page, '.message.assistant', 'nothing is paid back for order 4712');
    await shows('denied', page);
  }
  await answered(tab, 1);
  await expectText(tab, '.status', 'Every device');
  return next;
}
