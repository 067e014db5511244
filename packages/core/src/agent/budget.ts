import type { RecordId, RunId } from '../ids.ts';
import type { Projection } from '../projection/types.ts';

/** How much is tried to finish a run whose processes get lost (P14). */
export interface RecoveryBudget {
  /** Processes in a row that may take a run without writing anything of its answer. Default 3. */
  readonly attempts?: number;
  /** How long this may go on from the first of them, in milliseconds. Default 600,000. */
  readonly withinMs?: number;
}

export interface Budget {
  /** Why a run that was taken by this claim is given up; undefined where it is not. */
  spent(claim: RecordId): string | undefined;
}

const ATTEMPTS = 3;
const WITHIN_MS = 600_000;

/** Of a run as it stands before it is taken. Times are the channel's, so that every process comes to the same. */
export function openBudget(
  projection: Projection,
  run: RunId,
  { attempts = ATTEMPTS, withinMs = WITHIN_MS }: RecoveryBudget = {},
): Budget {
  const count = projection.claimsWithoutProgress(run);
  const [first] = projection.path(run).slice(-count || Infinity);
  const timeOf = (record: RecordId | undefined): number | undefined =>
    record === undefined ? undefined : projection.record(record)?.timestamp;
  return {
    spent(claim) {
      if (count >= attempts)
        return `every process that took the run stopped without progress (${count} in a row)`;
      const began = count === 0 ? undefined : timeOf(first?.record);
      const now = timeOf(claim);
      const isLate = began !== undefined && now !== undefined && now - began > withinMs;
      return isLate
        ? `no process that took the run made progress for ${Math.round(withinMs / 1000)} s`
        : undefined;
    },
  };
}
