import type { RunId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import type { AgentState } from '../records.ts';
import { writeSignal } from '../records/signal.ts';

/** Tells observers that a run is worked on, while nothing is written that would tell them. */
export interface Beats {
  state(state: AgentState): void;
  stop(): void;
}

interface BeatsOptions {
  readonly run: RunId;
  readonly agent: string;
  readonly everyMs: number;
  /** How much was written that observers can see. */
  readonly seen: () => number;
  readonly progress: () => number;
}

export function startBeats(log: SessionLog, { run, agent, everyMs, seen, progress }: BeatsOptions): Beats {
  let state: AgentState = { doing: 'thinking' };
  let last = seen();
  const beat = (): void => {
    const signal = writeSignal({ kind: 'beat', run, agent, state, progress: progress() });
    // A beat that gets lost is followed by another.
    log.channel.signal(signal).catch(() => {});
  };
  const timer = setInterval(() => {
    const now = seen();
    if (now === last) beat();
    last = now;
  }, everyMs);
  return {
    state(next) {
      state = next;
      beat();
    },
    stop: () => clearInterval(timer),
  };
}
