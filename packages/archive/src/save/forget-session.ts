import type { RunId } from '@holdfast/core';
import { reasoningLane } from '@holdfast/core/reasoning';
import type { Archive, ArchiveQuery } from '../archive.ts';
import { threadedRuns } from './lanes.ts';

/**
 * Removes a session from an archive, and the reasoning beside it, which `Archive.remove` leaves: that is saved under names of its
 * own. Throws what the archive throws; what is left then, another call removes.
 */
export async function forgetSession(archive: Archive, session: string): Promise<void> {
  const runs = new Set<RunId>();
  let query: ArchiveQuery | undefined = {};
  while (query !== undefined) {
    const { entries, next }: Awaited<ReturnType<Archive['read']>> = await archive.read(session, query);
    for (const run of threadedRuns(entries)) runs.add(run);
    query = next === undefined ? undefined : { below: next };
  }
  for (const run of runs) await archive.remove(reasoningLane(session, run));
  await archive.remove(session);
}
