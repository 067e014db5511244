import { abortable } from '../abortable.ts';
import { closedError } from '../errors.ts';
import type { SessionLog } from './session-log.ts';

/**
 * Resolves when something has happened in the log.
 *
 * @throws SessionError `closed`; what the signal was aborted with
 */
async function untilChange(log: SessionLog, signal: AbortSignal | undefined): Promise<void> {
  let stop = (): void => {};
  const change = new Promise<void>((resolve, reject) => {
    if (!log.isOpen) return reject(closedError());
    stop = log.subscribe((event) => {
      if (event.kind !== 'closed') return resolve();
      reject(closedError(event.reason));
    });
  });
  try {
    await abortable(change, signal);
  } finally {
    stop();
  }
}

/** Resolves when `condition` holds, which it is asked after everything that happens in the log. Throws as `untilChange`. */
export async function until(
  log: SessionLog,
  condition: () => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  while (!condition()) await untilChange(log, signal);
}
