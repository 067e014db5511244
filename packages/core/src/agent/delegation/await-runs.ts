import type { DelegatedAnswer } from '../../delegation.ts';
import type { RunId } from '../../ids.ts';
import { parseSignal } from '../../records/signal.ts';
import type { AgentLog } from '../agent-log.ts';
import { answerOf, lostAnswer } from './answer.ts';

export interface AwaitedRuns {
  /** Resolves when the run is over, or was given up. */
  of(run: RunId): Promise<DelegatedAnswer>;
  close(): void;
}

export interface AwaitOptions {
  /** How long a run may give no sign of life, in milliseconds. */
  readonly lostMs: number;
  /** Nothing was heard of a run for so long: it is to be stopped. */
  readonly giveUp: (run: RunId, reason: string) => void;
}

interface Awaited {
  heardAt: number;
  readonly settle: (answer: DelegatedAnswer) => void;
}

/** Waits for runs that others do, whoever that is at the time. Silence is measured on this process's own clock (P16). */
export function awaitRuns(log: AgentLog, { lostMs, giveUp }: AwaitOptions): AwaitedRuns {
  const { projection } = log;
  const awaited = new Map<RunId, Awaited>();
  const now = (): number => performance.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  const settle = (run: RunId, answer: DelegatedAnswer): void => {
    awaited.get(run)?.settle(answer);
    awaited.delete(run);
    if (awaited.size === 0) stopTimer();
  };
  const stopTimer = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const hear = (run: RunId): void => {
    const known = awaited.get(run);
    if (known !== undefined) known.heardAt = now();
  };
  const look = (run: RunId): void => {
    hear(run);
    const answer = awaited.has(run) ? answerOf(projection, run) : undefined;
    if (answer !== undefined) settle(run, answer);
  };
  const check = (): void => {
    for (const [run, { heardAt }] of awaited) {
      const { status, agent } = projection.run(run) ?? {};
      // Who waits for a person, and who can't be heard, is not lost.
      if (status === 'suspended' || !log.isLive) hear(run);
      else if (now() - heardAt > lostMs) {
        const time = `${lostMs / 1000} s`;
        const reason =
          agent === undefined ? `no agent took it for ${time}` : `${agent.name} was not heard of for ${time}`;
        // Before it is stopped: then it would be cancelled.
        settle(run, lostAnswer(projection, run, reason));
        giveUp(run, reason);
      }
    }
  };
  const unsubscribe = log.subscribe((event) => {
    switch (event.kind) {
      case 'change':
        event.change.runs.forEach(look);
        return;
      case 'signal': {
        const signal = parseSignal(event.signal);
        if (signal?.kind === 'beat') hear(signal.run);
        return;
      }
      case 'live':
        for (const run of awaited.keys()) hear(run);
        return;
      case 'stored':
      case 'closed':
        return;
    }
  });

  return {
    of: (run) =>
      new Promise((resolve) => {
        awaited.set(run, { heardAt: now(), settle: resolve });
        if (lostMs < Infinity) timer ??= setInterval(check, Math.min(lostMs / 4, CHECK_MS));
        look(run);
      }),
    close() {
      stopTimer();
      unsubscribe();
    },
  };
}

const CHECK_MS = 1_000;
