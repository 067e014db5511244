import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openScene } from '../test/open-scene.ts';
import { BUSY_AGENT, playApproval, playLoss, playWork } from '../test/states.ts';

// Makes the pictures of the docs: the real example in Chromium, in each state that a page can show of an agent.

const FOLDER = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const MAX_BYTES = 60_000;
const SIZE = { width: 600, height: 412 };
/** Pictures, by state, and how much higher than usual each is: so that the question can be seen. */
const PICTURES: Readonly<Record<string, number>> = {
  thinking: 0,
  queued: 0,
  streaming: 0,
  stalled: 0,
  calling: 0,
  waiting: 50,
  changed: 110,
  lost: 0,
  expired: 50,
};

await mkdir(FOLDER, { recursive: true });
const scene = await openScene('gateway');
try {
  const hire = () => scene.startAgent(BUSY_AGENT);
  const agent = await hire();
  const context = await scene.browser.newContext({ viewport: SIZE });
  const stage = { scene, context, shows: takePicture };
  await playWork(stage);
  await playApproval(stage);
  await playLoss(stage, agent, hire);
} finally {
  await scene.close();
}

async function takePicture(state: string, page: Page): Promise<void> {
  const more = PICTURES[state];
  if (more === undefined) return;
  const path = `${FOLDER}agent-${state}.png`;
  await page.setViewportSize({ ...SIZE, height: SIZE.height + more });
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = await stat(path);
  console.log(`${(size / 1000).toFixed(0).padStart(3)} kB  docs/images/agent-${state}.png`);
  if (size > MAX_BYTES) throw new Error(`${path} is larger than ${MAX_BYTES} bytes.`);
}
