import type { ChannelError, Operation } from '@holdfast/channel';
import {
  planCommit,
  type Change,
  type CommitContext,
  type CommitPlan,
  type Outcome,
  type Publisher,
} from '@holdfast/channel/engine';
import { toChannelError } from './errors.ts';
import type { Store } from './store.ts';

interface Job {
  readonly channel: string;
  readonly publisher: Publisher;
  readonly operations: readonly Operation[];
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: ChannelError) => void;
}

type Result = { readonly job: Job } & ({ readonly plan: CommitPlan } | { readonly error: ChannelError });

export interface GroupCommitOptions {
  readonly store: Store;
  readonly context: () => CommitContext;
  /** Must not throw. */
  readonly emit: (channel: string, change: Change) => void;
}

/**
 * Commits whatever arrives in one turn of the event loop in one transaction, so that many appends cost one fsync.
 * Nothing is told to anybody before it is stored.
 */
export interface GroupCommit {
  commit(
    channel: string,
    publisher: Publisher,
    operations: readonly Operation[],
  ): Promise<readonly Outcome[]>;
  /** Commits what is waiting, now. */
  flush(): void;
}

export function createGroupCommit({ store, context, emit }: GroupCommitOptions): GroupCommit {
  let waiting: Job[] = [];

  /** Plans one job over what the jobs before it have written, and writes it. A fault in planning is that job's alone. */
  const run = (job: Job): Result => {
    let plan: CommitPlan;
    try {
      plan = planCommit(store.view(job.channel), job.publisher, job.operations, context());
    } catch (error) {
      if (!store.inTransaction) throw error;
      return { job, error: toChannelError(error) };
    }
    for (const write of plan.writes) store.write(job.channel, write);
    return { job, plan };
  };

  const commitGroup = (group: readonly Job[]): readonly Result[] => {
    try {
      return store.transaction(() => group.map(run));
    } catch (cause) {
      const error = toChannelError(cause);
      // What the disk refuses it refuses to everybody; any other fault may be one job's, which then fails by itself.
      if (error.retryable || group.length === 1) return group.map((job) => ({ job, error }));
      return group.flatMap((job) => commitGroup([job]));
    }
  };

  const flush = (): void => {
    if (waiting.length === 0) return;
    const group = waiting;
    waiting = [];
    const results = commitGroup(group);
    // Resolving only schedules: whoever waits for an outcome goes on after the tails were told.
    for (const result of results)
      if ('error' in result) result.job.reject(result.error);
      else result.job.resolve(result.plan.outcomes);
    for (const result of results)
      if ('plan' in result) for (const change of result.plan.changes) emit(result.job.channel, change);
  };

  return {
    commit: (channel, publisher, operations) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ channel, publisher, operations, resolve, reject });
      }),
    flush,
  };
}
