import { isChannelError } from '@holdfast/channel';

/** How long somebody who means it tries again, in milliseconds. */
const RETRY_MS = 10_000;

/** Does what a reader or writer should: what fails for a reason that passes is tried again, which is safe (I5). */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + RETRY_MS;
  for (let delay = 1; ; delay = Math.min(2 * delay, 100)) {
    try {
      return await work();
    } catch (error) {
      if (!isChannelError(error) || !error.retryable || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}
