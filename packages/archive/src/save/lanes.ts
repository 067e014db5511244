import type { Channel } from '@holdfast/channel';
import { parseRecord, roleOf, type RunId } from '@holdfast/core';
import type { Archive, ArchivedMessage } from '../archive.ts';
import { collect } from './collect.ts';

/** How an output says that reasoning of its is beside the session. */
const THREAD = '\u001e["thread",';

/** The runs among some messages whose reasoning lies beside the session. */
export function threadedRuns(entries: readonly ArchivedMessage[]): readonly RunId[] {
  const runs = new Set<RunId>();
  for (const { message } of entries) {
    if (typeof message.data !== 'string' || !message.data.includes(THREAD)) continue;
    const parsed = parseRecord(message);
    if (parsed.ok && parsed.record.kind === 'output') runs.add(parsed.record.run);
  }
  return [...runs];
}

/** Anybody may publish where reasoning is; agents' word is kept. */
export function isThought({ message: { claims } }: ArchivedMessage): boolean {
  return roleOf(claims) === 'agent';
}

/** Saves what a run's channel has of its reasoning. */
export async function saveLane(archive: Archive, lane: Channel, as = lane.name): Promise<void> {
  for await (const entries of collect(lane)) {
    const thoughts = entries.filter(isThought);
    if (thoughts.length > 0) await archive.save(as, thoughts);
  }
}
