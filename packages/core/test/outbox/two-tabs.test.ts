import { ChannelError } from '@holdfast/channel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { said } from '../text-codec.ts';
import { openDesk, type Desk, type Tab } from './desk.ts';

type Act =
  | { readonly act: 'write' | 'cut' | 'heal' | 'reload' | 'wait'; readonly tab: 0 | 1 }
  | { readonly act: 'lose' | 'stray'; readonly tab: 0 | 1 };

const acts = fc.array(
  fc.record({
    act: fc.constantFrom('write', 'write', 'write', 'cut', 'heal', 'reload', 'wait', 'lose', 'stray'),
    tab: fc.constantFrom(0, 1),
  }),
  { minLength: 4, maxLength: 25 },
) as fc.Arbitrary<readonly Act[]>;

/** Two tabs of one person, each on a line that breaks, loses messages and receipts, and each reloaded now and then. */
async function play(desk: Desk, list: readonly Act[], hasLocks: boolean): Promise<void> {
  const fates: ('lost' | 'receipt lost')[][] = [[], []];
  const open = (at: 0 | 1): Tab =>
    desk.open({
      device: `tab-${at}`,
      ...(!hasLocks && { locks: undefined }),
      async publish(publish) {
        const fate = fates[at]?.shift();
        if (fate === 'lost') throw new ChannelError('unavailable', 'It never arrived.');
        const receipts = await publish();
        if (fate === 'receipt lost') throw new ChannelError('unknown_outcome', 'The receipt never came.');
        return receipts;
      },
    });
  const tabs = [open(0), open(1)];
  const kept: string[] = [];
  const lives = [0, 0];
  let count = 0;
  for (const { act, tab: at } of list) {
    const tab = tabs[at];
    if (!tab) continue;
    if (act === 'write') {
      const text = `${at}.${lives[at]}:${(count += 1)}`;
      tab.session.send({ parts: said(text) });
      await expect
        .poll(async () => (await desk.said()).concat(await texts(desk)), { interval: 1 })
        .toContain(text);
      kept.push(text);
    } else if (act === 'cut') tab.cut();
    else if (act === 'heal') tab.heal();
    else if (act === 'wait') await new Promise((resolve) => setTimeout(resolve, 5));
    else if (act === 'reload') {
      tab.kill();
      tabs[at] = open(at);
      lives[at] = (lives[at] ?? 0) + 1;
    } else fates[at]?.push(act === 'lose' ? 'lost' : 'receipt lost');
  }
  for (const tab of tabs) tab.heal();
  await expect.poll(desk.kept, { interval: 2, timeout: 10_000 }).toEqual([]);
  const stored = await desk.said();
  expect(stored.toSorted()).toEqual(kept.toSorted());
  // What one page wrote is in its order.
  for (const page of new Set(kept.map(pageOf)))
    expect(stored.filter((text) => pageOf(text) === page)).toEqual(
      kept.filter((text) => pageOf(text) === page),
    );
}

async function texts(desk: Desk): Promise<readonly string[]> {
  return (await desk.store.load('desk')).flatMap(
    ({ draft }) => /\d\.\d+:\d+/.exec(JSON.stringify(draft.data))?.[0] ?? [],
  );
}

function pageOf(text: string): string {
  return text.replace(/:.*/, '');
}

test.each([true, false])(
  'each message is stored exactly once, whatever happens to two tabs (locks: %s)',
  async (hasLocks) => {
    await fc.assert(
      fc.asyncProperty(acts, async (list) => play(openDesk(), list, hasLocks)),
      { numRuns: 10 },
    );
  },
);
