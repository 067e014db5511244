import type { ToolPart } from '@holdfast/codec';
import type { ApprovalPolicy } from '../../decisions.ts';
import type { RecordId, RunId } from '../../ids.ts';
import type { AgentLog } from '../agent-log.ts';
import type { RunWriter } from '../run-writer.ts';
import { rule } from './rule.ts';
import { wantsVerdict } from './waiting.ts';

/** Judges what is answered while a run is under way: calls that its handler waits for, and what comes too late. */
export interface Desk {
  /** The handler waits for this call: it is settled as soon as it can be. */
  open(callId: string, terms: Terms): void;
  close(): void;
}

interface Terms {
  /** Default: the agent's. */
  readonly policy?: ApprovalPolicy;
  /** Until when it can be settled, in milliseconds since 1970. */
  readonly until?: number | undefined;
}

export interface DeskOptions {
  readonly log: AgentLog;
  readonly run: RunId;
  readonly writer: Pick<RunWriter<never>, 'append' | 'content'>;
  readonly policyOf: (call: ToolPart) => ApprovalPolicy | Promise<ApprovalPolicy>;
  /** The channel's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Records that this process has judged, and those that it judges here. */
  readonly ruled: Set<RecordId>;
  /** Verdicts were written. */
  readonly onRuled: () => void;
  readonly onError: (error: unknown) => void;
}

export function openDesk({ log, run, writer, policyOf, now, ruled, onRuled, onError }: DeskOptions): Desk {
  const policies = new Map<string, ApprovalPolicy | undefined>();
  let isOpen = true;
  let isRuling = false;
  let isStale = false;

  const look = async (): Promise<void> => {
    isStale = true;
    if (isRuling) return;
    isRuling = true;
    while (isStale && isOpen) {
      isStale = false;
      const { log: verdicts } = await rule({
        projection: log.projection,
        run,
        parts: writer.content().parts,
        policyOf: (call) => policies.get(call.callId) ?? policyOf(call),
        now: now(),
        ruled,
        isDue: ({ callId }) => policies.has(callId),
      });
      if (verdicts === '' || !isOpen) continue;
      try {
        writer.append(verdicts);
      } finally {
        onRuled();
      }
    }
    isRuling = false;
  };
  const start = (): void => {
    look().catch((error: unknown) => {
      isRuling = false;
      onError(error);
    });
  };
  let seen = log.projection.run(run)?.answers;
  const hasNews = (): boolean => {
    const answers = log.projection.run(run)?.answers;
    // Text that goes on leaves them as they are.
    if (answers === seen) return false;
    seen = answers;
    return log.projection.answers(run).some((state) => wantsVerdict(state) && !ruled.has(state.record));
  };
  const unsubscribe = log.subscribe((event) => {
    if (event.kind === 'change' && event.change.runs.has(run) && hasNews()) start();
  });
  const timers = new Set<ReturnType<typeof setTimeout>>();

  return {
    open(callId, { policy, until }) {
      policies.set(callId, policy);
      if (until !== undefined) timers.add(setTimeout(start, until - now() + 1));
      start();
    },
    close() {
      isOpen = false;
      for (const timer of timers) clearTimeout(timer);
      unsubscribe();
    },
  };
}
