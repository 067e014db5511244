import type { Serial } from '@holdfast/channel';
import { abortable } from '../abortable.ts';
import { mint, type RecordId } from '../ids.ts';
import { writeRecord } from '../records/write.ts';
import type { AgentLog } from './agent-log.ts';
import { bytesOf, roomOf } from './room.ts';

/**
 * States the whole shared state where readers would have to go far back for it (P25). Below `upTo`, the claim of a run that was
 * won, everything is folded. It is no loss where that fails: another run's agent does it.
 */
export async function writeCheckpoint(log: AgentLog, upTo: Serial, signal: AbortSignal): Promise<void> {
  const { channel, projection } = log;
  const record = log.isLive ? projection.checkpoint(upTo) : undefined;
  if (record === undefined || bytesOf(JSON.stringify(record)) > roomOf(channel)) return;
  const draft = writeRecord(mint<RecordId>(), record);
  await abortable(channel.publish({ action: 'create', draft }), signal).catch(() => {});
}
