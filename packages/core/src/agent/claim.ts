import { createRandomId } from '@holdfast/channel';
import type { Serial } from '@holdfast/channel';
import { FRAME_LOG_FORMAT } from '@holdfast/codec';
import { abortable } from '../abortable.ts';
import type { RecordId, RunId } from '../ids.ts';
import { until } from '../log/until-change.ts';
import type { AgentLog } from './agent-log.ts';
import { mintOutputId } from '../records/output-id.ts';
import { writeRecord } from '../records/write.ts';
import { persist } from './persist.ts';

/** A run taken by this process: its own output, on the run's path. */
export interface Claim {
  readonly id: RecordId;
  readonly serial: Serial;
}

export interface ClaimOptions {
  /** Of the output; see `mintClaim`. */
  readonly id: RecordId;
  readonly run: RunId;
  readonly agent: string;
  /** The predecessor on the run's path, which the channel seals where it can (P10). */
  readonly after?: Serial | undefined;
  /** `speculate` doesn't wait to see whether it was won. */
  readonly claim: 'confirm' | 'speculate';
  readonly signal?: AbortSignal;
}

/** The id of an output that takes a run after the message with the serial `after`. */
export function mintClaim(run: RunId, after?: Serial): RecordId {
  return mintOutputId(createRandomId(), run, after);
}

/**
 * Publishes an output and waits until everything up to it is folded (P8). Undefined when another one has the run, or when
 * it was cancelled before.
 */
export async function claimRun(log: AgentLog, options: ClaimOptions): Promise<Claim | undefined> {
  const { id, run, agent, after, claim, signal } = options;
  const { projection, channel } = log;
  const draft = writeRecord(id, {
    kind: 'output',
    run,
    ...(after !== undefined && { after }),
    attempt: (projection.run(run)?.attempts ?? 0) + 1,
    agent,
    format: FRAME_LOG_FORMAT,
    ...projection.opening,
    log: '',
  });
  const seals = after !== undefined && channel.features.seal ? { seals: after } : {};
  const publish = () => channel.publish({ action: 'create', draft, ...seals });
  // An agent that closes does not wait for a channel that says nothing.
  const [receipt] = await abortable(persist(publish, signal), signal);
  if (receipt === undefined) return undefined;
  const claimed: Claim = { id, serial: receipt.serial };
  if (claim === 'speculate') return claimed;
  await until(log, () => projection.record(id) !== undefined, signal);
  return projection.path(run).at(-1)?.record === id ? claimed : undefined;
}
