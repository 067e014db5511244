import type { ChannelError } from '@holdfast/channel';
import type { Database } from '../connection/database.ts';
import { isTransient, toChannelError } from '../connection/errors.ts';
import type { Commit, Store } from './store.ts';

/** Commits of many sessions in one transaction, so that they cost one flush of Postgres' log. */
export interface CommitGroup {
  /** Whether it was stored, as `Store.commit` says. */
  commit(commit: Commit): Promise<boolean>;
}

interface Waiting {
  readonly commit: Commit;
  readonly resolve: (stored: boolean) => void;
  readonly reject: (error: ChannelError) => void;
}

export interface GroupLimits {
  /** Transactions under way at a time: while one waits for the disk another gathers. Default 3. */
  readonly underWay?: number;
  /** Sessions in one transaction at most. Default 200. */
  readonly sessions?: number;
}

export function createCommitGroup(
  database: Database,
  store: Store,
  { underWay: most = 3, sessions = 200 }: GroupLimits = {},
): CommitGroup {
  let waiting: Waiting[] = [];
  let underWay = 0;

  const storeGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const stored = await store.commit(
        database,
        group.map(({ commit }) => commit),
      );
      for (const [index, { resolve }] of group.entries()) resolve(stored[index] === true);
    } catch (cause) {
      const error = toChannelError(cause);
      // What may be the fault of one is found by trying each alone.
      if (group.length === 1 || error.retryable || isTransient(error))
        for (const { reject } of group) reject(error);
      else for (const each of group) await storeGroup([each]);
    }
  };
  const next = (): void => {
    while (underWay < most && waiting.length > 0) {
      const [first] = waiting;
      const epoch = first?.commit.from.epoch;
      const group = waiting.filter(({ commit }) => commit.from.epoch === epoch).slice(0, sessions);
      const taken = new Set(group);
      waiting = waiting.filter((each) => !taken.has(each));
      // In one order, so that two processes don't wait for each other.
      group.sort((a, b) => (a.commit.channel < b.commit.channel ? -1 : 1));
      underWay += 1;
      void storeGroup(group).finally(() => {
        underWay -= 1;
        next();
      });
    }
  };

  return {
    commit: (commit) =>
      new Promise((resolve, reject) => {
        waiting.push({ commit, resolve, reject });
        // With what comes in the same turn.
        if (waiting.length === 1) queueMicrotask(next);
      }),
  };
}
