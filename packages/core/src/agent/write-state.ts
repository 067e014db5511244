import { isChannelError } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { JsonValue } from '@holdfast/codec';
import { SessionError } from '../errors.ts';
import { mint, type RecordId } from '../ids.ts';
import { publishRecord } from '../log/publish-record.ts';
import { until } from '../log/until-change.ts';
import type { StateRecord } from '../records.ts';
import type { AgentLog } from './agent-log.ts';

export interface StateWrite {
  readonly key: string;
  readonly value: JsonValue | undefined;
  readonly signal: AbortSignal;
}

/** Writes one key of the shared state, and waits until this process has read it. */
export async function writeState(log: AgentLog, { key, value, signal }: StateWrite): Promise<void> {
  signal.throwIfAborted();
  const id = mint<RecordId>();
  try {
    await publishRecord(log.channel, compact<StateRecord>({ kind: 'state', key, value }), id);
  } catch (cause) {
    if (!isChannelError(cause) || cause.code !== 'too_large') throw cause;
    const what = `The value of "${key}" is too large for one message of the channel.`;
    throw new SessionError('too_large', what, { cause });
  }
  await until(log, () => log.projection.record(id) !== undefined, signal);
}
