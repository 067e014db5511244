import type { Stored } from '@holdfast/channel/engine';
import { expect, it } from 'vitest';
import { createHotMessages } from './hot-messages.ts';
import { ENTRY_BYTES, type Entry } from './messages.ts';

const LARGE = 1000;

function entry(bytes: number): Entry {
  return { channel: 'c', stored: { bytes } as Stored, layout: { folded: 0 } };
}

it('keeps those that were used last, within its bound', () => {
  const hot = createHotMessages(3 * (LARGE + ENTRY_BYTES));
  for (const serial of [1, 2, 3]) hot.keep(serial, entry(LARGE));
  hot.find(1);
  hot.keep(4, entry(LARGE));
  expect([1, 2, 3, 4].map((serial) => hot.find(serial) !== undefined)).toEqual([true, false, true, true]);
});

it('counts a message once, at its latest size', () => {
  const hot = createHotMessages(3 * (LARGE + ENTRY_BYTES));
  for (let times = 0; times < 100; times += 1) hot.keep(1, entry(LARGE));
  hot.keep(2, entry(LARGE));
  expect(hot.find(1)).toBeDefined();
  hot.keep(1, entry(10 * LARGE));
  expect([hot.find(1), hot.find(2)]).toEqual([undefined, undefined]);
  hot.keep(3, entry(LARGE));
  expect(hot.find(3)).toBeDefined();
});

it('what a transaction stages shows at once, and stays or goes with it', () => {
  const hot = createHotMessages(3 * (LARGE + ENTRY_BYTES));
  const [stored, staged] = [entry(1), entry(2)];
  hot.keep(1, stored);
  hot.stage(1, staged);
  expect(hot.find(1)).toBe(staged);
  hot.discard();
  expect(hot.find(1)).toBe(stored);
  hot.stage(1, staged);
  hot.settle();
  hot.discard();
  expect(hot.find(1)).toBe(staged);
});
