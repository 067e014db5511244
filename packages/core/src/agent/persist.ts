import { createBackoff, isChannelError } from '@holdfast/channel';
import { abortable } from '../abortable.ts';

/** Does `work` again while it fails for a reason that passes. Rejects with any other, or with the signal's at once. */
export async function persist<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const backoff = createBackoff();
  const wake = (): void => backoff.wake();
  signal?.addEventListener('abort', wake);
  try {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await abortable(work(), signal);
      } catch (error) {
        if (!isChannelError(error) || !error.retryable) throw error;
        await backoff.wait();
      }
    }
  } finally {
    signal?.removeEventListener('abort', wake);
  }
}
