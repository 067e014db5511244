import type { RunId } from '../ids.ts';
import type { Run } from '../snapshot.ts';

/** Runs that this process could not take: left alone while they stand as they did, for longer each time. */
export interface Failures {
  note(run: Run): void;
  isBarred(run: Run): boolean;
  forget(run: RunId): void;
  clear(): void;
}

const MAX_DOUBLINGS = 5;

/** `now` in milliseconds that only rise. */
export function createFailures(leaseMs: number, now: () => number): Failures {
  const failed = new Map<RunId, { readonly stand: string; readonly until: number; readonly count: number }>();
  return {
    note(run) {
      const count = failed.get(run.id)?.count ?? 0;
      const until = now() + leaseMs * 2 ** Math.min(count, MAX_DOUBLINGS);
      failed.set(run.id, { stand: stand(run), until, count: count + 1 });
    },
    isBarred(run) {
      const known = failed.get(run.id);
      return known !== undefined && known.stand === stand(run) && now() < known.until;
    },
    forget: (run) => void failed.delete(run),
    clear: () => failed.clear(),
  };
}

/** How a run stands for who would take it: once another process has taken it, it stands otherwise. */
function stand({ status, attempts, answers }: Run): string {
  return `${status} ${attempts} ${answers.length}`;
}
