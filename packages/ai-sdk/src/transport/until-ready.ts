import type { Session } from '@holdfast/core';

/** Resolves when the session is loaded. Rejects as `session.ready` does, or with the signal's reason. */
export function untilReady(session: Session, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return session.ready;
  return new Promise((resolve, reject) => {
    // Whatever a signal was aborted with is what its owner wants to see.
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    session.ready.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
