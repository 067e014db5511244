import type { RunId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import { parseSignal } from '../records/signal.ts';

/** Signs of life of a session's runs, on this process's own clock (P16). */
export interface Life {
  /**
   * Nothing was seen of the run for most of a lease, and this process has looked for at least as long; or its process has
   * left.
   */
  isSilent(run: RunId): boolean;
  /** A sign of life was seen since this process looks, and the run is not silent. */
  isHeard(run: RunId): boolean;
  /** The process that was at the run has said goodbye. */
  left(run: RunId): void;
  close(): void;
}

export interface LifeOptions {
  readonly leaseMs: number;
  /** For how long nothing was heard before, as this process knows from elsewhere. At most half a lease counts. */
  readonly silentMs: number;
}

/** Of a lease: whoever takes over then goes on before it ends, and at least one beat was missed. */
const PATIENCE = 0.8;

/** Calls `look` several times per lease, and when a process says goodbye. */
export function watchLife(log: SessionLog, { leaseMs, silentMs }: LifeOptions, look: () => void): Life {
  const seen = new Map<RunId, number>();
  const gone = new Set<RunId>();
  const patienceMs = PATIENCE * leaseMs;
  let since = performance.now() - Math.min(silentMs, leaseMs / 2);
  const hear = (run: RunId): void => {
    gone.delete(run);
    seen.set(run, performance.now());
  };
  const left = (run: RunId): void => {
    gone.add(run);
    if (log.isLive) look();
  };
  const unsubscribe = log.subscribe((event) => {
    switch (event.kind) {
      case 'live':
        // What was missed meanwhile may have held signs of life.
        since = performance.now();
        return;
      case 'signal': {
        const signal = parseSignal(event.signal);
        if (signal?.kind !== 'beat') return;
        if (signal.state.doing === 'closing') left(signal.run);
        else hear(signal.run);
        return;
      }
      case 'change':
        event.change.runs.forEach(hear);
        return;
      case 'stored':
      case 'closed':
        return;
    }
  });
  let isOpen = true;
  let precise: ReturnType<typeof setTimeout> | undefined;
  /** Looks in time for the next run that is silent for so long, too: what comes later is heard of before. */
  const tick = (): void => {
    if (!isOpen || !log.isLive) return;
    look();
    const now = performance.now();
    const ends = [since, ...seen.values()].map((last) => last + patienceMs + 1).filter((end) => end > now);
    const next = Math.min(...ends);
    clearTimeout(precise);
    if (isOpen && next < now + leaseMs / 3) precise = setTimeout(tick, next - now);
  };
  const timer = setInterval(tick, leaseMs / 3);
  const isSilent = (run: RunId): boolean => {
    if (!log.isLive) return false;
    const last = Math.max(since, seen.get(run) ?? since);
    return gone.has(run) || performance.now() - last > patienceMs;
  };
  return {
    isSilent,
    isHeard: (run) => seen.has(run) && !isSilent(run),
    left,
    close() {
      isOpen = false;
      clearInterval(timer);
      clearTimeout(precise);
      unsubscribe();
    },
  };
}
