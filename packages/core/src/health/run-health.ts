import type { AgentState } from '../records.ts';

/** How the agent of a run is, as this client sees it (P16). */
export type RunHealth =
  /** There are signs of life; `stalled`: for a while without progress, although it waits for nobody. */
  | { readonly health: 'working' | 'stalled'; readonly state: AgentState }
  /** `left`: its process said goodbye or lost its connection. `silent`: it is connected or not, and says nothing. */
  | { readonly health: 'lost'; readonly reason: 'left' | 'silent'; readonly state: AgentState };

/** What was heard of a run's agent. Times are those of this process's own monotonic clock, in milliseconds. */
export interface Signs {
  /** The newest sign of life; for who has just begun to listen, the moment in which they did. */
  heardAt: number;
  /** The newest sign that the work goes on. */
  progressedAt: number;
  /** Its count of progress, as beats tell it. */
  progress: number | undefined;
  state: AgentState;
  /** Since it has the run, it was seen among those present. */
  wasPresent: boolean;
  /** It was, and is no more. */
  hasLeft: boolean;
}

export interface Thresholds {
  readonly leaseMs: number;
  readonly stallMs: number;
}

/** What signs mean at the moment `now`. */
export function judgeSigns(
  { heardAt, progressedAt, state, hasLeft }: Signs,
  { leaseMs, stallMs }: Thresholds,
  now: number,
): RunHealth {
  if (hasLeft) return { health: 'lost', reason: 'left', state };
  if (now - heardAt > leaseMs) return { health: 'lost', reason: 'silent', state };
  const isStalled = state.doing !== 'waiting' && now - progressedAt > stallMs;
  return { health: isStalled ? 'stalled' : 'working', state };
}
