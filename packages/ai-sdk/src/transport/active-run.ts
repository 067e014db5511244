import { isEnded } from '@holdfast/core';
import type { Run, Session } from '@holdfast/core';

/** The run whose answer the view waits for or shows as it grows: the last one of the branch that an agent is at, or will be. */
export function activeRun(session: Session): Run | undefined {
  const busy = unfinishedRuns(session).filter(({ status, held }) => status !== 'suspended' && held !== true);
  return busy.find(({ status }) => status !== 'queued') ?? busy[0];
}

/** Runs of the branch that are not over, oldest first. */
export function unfinishedRuns({ snapshot: { messages, runs } }: Session): readonly Run[] {
  const shown = new Set(messages.map(({ id }) => id));
  return runs.filter((run) => shown.has(run.input) && !isEnded(run.status));
}
