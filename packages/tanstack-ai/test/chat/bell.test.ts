import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createBell } from '../../src/connection/bell.ts';

test('however often it was waited for, a signal has no more than one listener', async () => {
  const bell = createBell();
  const { signal } = new AbortController();
  for (let n = 0; n < 20; n += 1) {
    const waited = bell.wait(signal);
    bell.ring();
    await waited;
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('an abort ends the wait', async () => {
  const bell = createBell();
  const controller = new AbortController();
  const waited = bell.wait(controller.signal);
  controller.abort();
  await waited;
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});
