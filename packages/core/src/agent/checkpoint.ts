import { abortable } from '../abortable.ts';
import { publishRecord } from '../log/publish-record.ts';
import type { AgentLog } from './agent-log.ts';
import type { Claim } from './claim.ts';
import { bytesOf, roomOf } from './room.ts';

/**
 * States the whole shared state where readers would have to go far back for it (P25), as it was at a claim that has come back:
 * below that, everything is folded (P8). It is no loss where it fails: another run's agent does it.
 */
export async function writeCheckpoint(log: AgentLog, claim: Claim, signal: AbortSignal): Promise<void> {
  const { channel, projection } = log;
  const isFolded = log.isLive && projection.record(claim.id) !== undefined;
  const record = isFolded ? projection.checkpoint(claim.serial) : undefined;
  if (record === undefined || bytesOf(JSON.stringify(record)) > roomOf(channel)) return;
  await abortable(publishRecord(channel, record), signal).catch(() => {});
}
