import { createBackoff } from '@holdfast/channel';
import type { Backoff, Channels } from '@holdfast/channel';
import type { RunId } from '../ids.ts';
import { writeSignal } from '../records/signal.ts';
import type { Session } from '../session.ts';
import type { Run } from '../snapshot.ts';

export interface RepeatWakesOptions {
  /** Those that the session was opened with. */
  readonly channels: Channels;
  /** How long a run may wait with no agent at any of the session's runs, in milliseconds. Default 15,000. */
  readonly afterMs?: number;
}

/**
 * Tells agents again of runs that wait while no agent is at any (P15): where an inbox has lost something, or an agent is new. Rarely
 * needed, since workers look again by themselves. Returns what stops it.
 */
export function repeatWakes(
  session: Session,
  { channels, afterMs = 15_000 }: RepeatWakesOptions,
): () => void {
  const waiting = new Map<RunId, Backoff>();
  let isOpen = true;

  const isWaiting = (run: Run | undefined): boolean =>
    run?.status === 'queued' && run.held !== true && run.serial !== undefined;
  const isAnybodyAtWork = (): boolean => session.snapshot.runs.some(({ status }) => status === 'active');
  const remind = async (run: RunId, backoff: Backoff): Promise<void> => {
    for (;;) {
      await backoff.wait();
      if (!isOpen || !isWaiting(session.run(run))) return;
      if (isAnybodyAtWork() || session.snapshot.status !== 'live') continue;
      const signal = writeSignal({ kind: 'wake', run });
      // One that gets lost is followed by another.
      await channels
        .channel(session.name)
        .signal(signal)
        .catch(() => {});
    }
  };
  const look = (): void => {
    for (const run of session.snapshot.runs) {
      if (!isWaiting(run) || waiting.has(run.id)) continue;
      // Several clients that see the same don't all say so at once.
      const backoff = createBackoff(Math.random, { firstMs: afterMs, maxMs: 8 * afterMs });
      waiting.set(run.id, backoff);
      void remind(run.id, backoff).finally(() => waiting.delete(run.id));
    }
  };
  const unsubscribe = session.subscribe(look);
  look();
  return () => {
    isOpen = false;
    unsubscribe();
    for (const backoff of waiting.values()) backoff.wake();
  };
}
