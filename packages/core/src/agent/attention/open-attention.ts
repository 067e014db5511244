import type { RunId } from '../../ids.ts';
import type { AgentState } from '../../records.ts';
import type { Run } from '../../snapshot.ts';
import type { RunWatch } from '../watch-run.ts';
import type { Audience } from './audience.ts';
import { checkPolicy, type AttentionOptions, type AttentionReport } from './policy.ts';
import { attendRun, type RunAttention } from './run-attention.ts';

export interface AttentionContext {
  readonly run: Run;
  readonly session: string;
  readonly audience: Audience | undefined;
  readonly watch: Pick<RunWatch, 'stop'>;
  readonly beats: { state(state: AgentState): void };
  readonly progress: () => number;
  readonly report: (error: unknown, run: RunId) => void;
}

const NOTHING: AttentionReport = {
  unwatchedMs: 0,
  slowedMs: 0,
  pausedMs: 0,
  stopped: false,
  unaskedCharacters: 0,
};

/** Holds a run's stream back as its agent's policy says, and reports what came of it. */
export function openAttention(
  { attention, onAttention }: AttentionOptions,
  { run, session, audience, watch, beats, progress, report: complain }: AttentionContext,
): RunAttention {
  const policy = typeof attention === 'function' ? attention(run) : attention;
  if (policy !== undefined) checkPolicy(policy);
  if (policy === undefined || audience === undefined || policy.whenUnwatched === 'continue')
    return { ready: () => undefined, report: NOTHING, close() {} };
  const held = attendRun({
    audience,
    policy,
    written: progress,
    state: (state) => beats.state(state),
    stop: (reason) => watch.stop({ kind: 'cancelled', reason }),
    now: () => performance.now(),
  });
  return {
    ready: () => held.ready(),
    get report() {
      return held.report;
    },
    close() {
      const { report } = held;
      held.close();
      if (report.slowedMs === 0 && report.pausedMs === 0 && !report.stopped) return;
      try {
        onAttention?.(report, { session, run: run.id });
      } catch (error) {
        complain(error, run.id);
      }
    },
  };
}
