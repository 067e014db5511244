import { parseSignal } from '../records/signal.ts';
import type { RunId } from '../ids.ts';
import type { Session } from '../session.ts';
import type { Run } from '../snapshot.ts';
import { judgeSigns, type RunHealth, type Signs } from './run-health.ts';

export interface HealthOptions {
  /** An agent that is silent for this long is lost, in milliseconds: the `leaseMs` of the agent. Default 5000. */
  readonly leaseMs?: number;
  /** An agent that lives and makes no progress for this long is stalled, in milliseconds. Default 30,000. */
  readonly stallMs?: number;
}

/** Text that was under way already says nothing against what the agent said of itself this long ago, in milliseconds. */
const UNDER_WAY_MS = 500;

/** The health of a session's runs, kept up to date. */
export interface HealthWatch {
  /** Of a run that an agent is at; undefined for one that waits, rests or is over. The same object while nothing changes. */
  of(run: RunId): RunHealth | undefined;
  /** Calls `listener` when the health of any run has changed. Shaped for useSyncExternalStore. */
  readonly subscribe: (listener: () => void) => () => void;
  close(): void;
}

/**
 * Watches whether the agents of a session live and get on. Every client judges by itself, from what it receives and by its
 * own clock; who joins listens for a whole lease before it calls an agent lost. While this client is offline it calls
 * nobody lost.
 */
export function watchHealth(
  session: Session,
  { leaseMs = 5000, stallMs = 30_000 }: HealthOptions = {},
): HealthWatch {
  const signs = new Map<RunId, Signs & { length: number; attempts: number; saidAt: number }>();
  const judged = new Map<RunId, RunHealth>();
  const listeners = new Set<() => void>();
  let isLive = session.snapshot.status === 'live';

  const judge = (): void => {
    let hasChanged = false;
    for (const id of judged.keys()) {
      if (signs.has(id)) continue;
      judged.delete(id);
      hasChanged = true;
    }
    if (isLive)
      for (const [id, heard] of signs) {
        const before = judged.get(id);
        const next = judgeSigns(heard, { leaseMs, stallMs }, performance.now());
        if (JSON.stringify(before) === JSON.stringify(next)) continue;
        judged.set(id, next);
        hasChanged = true;
      }
    if (hasChanged) for (const listener of listeners) listener();
  };

  const look = (): void => {
    const { runs, status } = session.snapshot;
    const now = performance.now();
    if (status === 'live' && !isLive)
      // What was missed meanwhile may have held signs of life.
      for (const heard of signs.values()) heard.heardAt = heard.progressedAt = now;
    isLive = status === 'live';
    const busy = runs.filter(isBusy);
    const ids = new Set(busy.map(({ id }) => id));
    for (const id of signs.keys()) if (!ids.has(id)) signs.delete(id);
    for (const run of busy) note(run, now);
    judge();
  };

  const note = (run: Run, now: number): void => {
    const { id, length, attempts } = run;
    const known = signs.get(id);
    const isPresent = isAgentPresent(session, run);
    if (known === undefined) {
      const state = { doing: length > 0 ? 'streaming' : 'thinking' } as const;
      const fresh = { heardAt: now, progressedAt: now, progress: undefined, state, hasLeft: false };
      signs.set(id, { ...fresh, wasPresent: isPresent, length, attempts, saidAt: -Infinity });
      return;
    }
    if (length !== known.length || attempts !== known.attempts) {
      known.heardAt = known.progressedAt = now;
      if (now - known.saidAt > UNDER_WAY_MS)
        known.state = { doing: length > known.length ? 'streaming' : 'thinking' };
      // Another process has taken it over, or the same one writes on.
      known.wasPresent = isPresent;
      known.length = length;
      known.attempts = attempts;
    }
    known.wasPresent ||= isPresent;
    known.hasLeft = known.wasPresent && !isPresent;
  };

  const stops = [
    session.subscribe(look),
    session.onSignal((signal) => {
      const beat = parseSignal(signal);
      const heard = beat?.kind === 'beat' ? signs.get(beat.run) : undefined;
      if (beat?.kind !== 'beat' || heard === undefined) return;
      heard.heardAt = performance.now();
      if (beat.state.doing === 'calling' || beat.state.doing === 'waiting') heard.saidAt = heard.heardAt;
      if (heard.progress !== undefined && heard.progress !== beat.progress)
        heard.progressedAt = heard.heardAt;
      heard.progress = beat.progress;
      heard.state = beat.state;
      judge();
    }),
  ];
  const timer = setInterval(judge, leaseMs / 5);
  look();

  return {
    of: (run) => judged.get(run),
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    close() {
      clearInterval(timer);
      for (const stop of stops) stop();
      listeners.clear();
    },
  };
}

function isBusy({ status }: Run): boolean {
  return status === 'active' || status === 'cancelling';
}

/** Workers of one agent go by one name: while any of them is there, presence says nothing about the one at work. */
function isAgentPresent({ snapshot: { participants } }: Session, { agent }: Run): boolean {
  return participants.some(({ clientId, data, role }) => {
    const name = typeof data === 'object' && data !== null && 'agent' in data ? data['agent'] : undefined;
    return role === 'agent' && name === agent?.name && clientId === agent?.clientId;
  });
}
