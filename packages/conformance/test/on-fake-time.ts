import { vi } from 'vitest';

/** Runs `work` with time flying: whatever it waits for on a timer comes as soon as everything else has run. */
export async function onFakeTime<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers();
  try {
    let done = false;
    const result = work().finally(() => (done = true));
    // The caller gets a rejection when it is awaited below.
    result.catch(() => {});
    while (!done) await vi.advanceTimersByTimeAsync(500);
    return await result;
  } finally {
    vi.useRealTimers();
  }
}
