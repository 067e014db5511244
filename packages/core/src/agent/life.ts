import type { RunId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import { parseSignal } from '../records/signal.ts';

/** Signs of life of a session's runs, on this process's own clock (P16). */
export interface Life {
  /** Nothing was seen of the run for a lease, and this process has looked for at least as long. */
  isSilent(run: RunId): boolean;
  close(): void;
}

/** Calls `look` several times per lease. */
export function watchLife(log: SessionLog, leaseMs: number, look: () => void): Life {
  const seen = new Map<RunId, number>();
  let since = performance.now();
  const unsubscribe = log.subscribe((event) => {
    switch (event.kind) {
      case 'live':
        // What was missed meanwhile may have held signs of life.
        since = performance.now();
        return;
      case 'signal': {
        const signal = parseSignal(event.signal);
        if (signal?.kind === 'beat') seen.set(signal.run, performance.now());
        return;
      }
      case 'change':
        for (const run of event.change.runs) seen.set(run, performance.now());
        return;
      case 'stored':
      case 'closed':
        return;
    }
  });
  const timer = setInterval(() => {
    if (log.isLive) look();
  }, leaseMs / 3);
  return {
    isSilent(run) {
      const last = Math.max(since, seen.get(run) ?? since);
      return log.isLive && performance.now() - last > leaseMs;
    },
    close() {
      clearInterval(timer);
      unsubscribe();
    },
  };
}
