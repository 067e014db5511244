import type { JsonValue, Serial } from '@holdfast/channel';
import { control } from '@holdfast/codec';
import { abortable } from '../abortable.ts';
import type { AgentOptions, AgentRun } from '../agent.ts';
import type { DeviceId, RecordId, RunId } from '../ids.ts';
import type { AgentLog } from './agent-log.ts';
import { CLAIM_BUDGET } from '../projection/types.ts';
import { answerIdOf, headOf } from '../records/answer-id.ts';
import { writeSignal } from '../records/signal.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';
import { startBeats } from './beats.ts';
import { readBranch } from './branch.ts';
import { claimRun, mintClaim, type Claim } from './claim.ts';
import { lengthToGoOn, settleLost } from './go-on.ts';
import { pipe } from './pipe.ts';
import { createRunOutput, type RunOutput } from './run-output.ts';
import { createRunWriter, type Ending, type RunWriter } from './run-writer.ts';
import { watchSteers } from './steers.ts';
import { verdicts, waitingCalls } from './waiting.ts';
import { watchRun, type RunWatch } from './watch-run.ts';

export interface DriveContext<Chunk, Prompt> {
  readonly log: AgentLog;
  readonly options: AgentOptions<Chunk, Prompt>;
  readonly leaseMs: number;
  /** Aborts when the agent gives up what is under way. */
  readonly closing: AbortSignal;
  readonly report: (error: unknown, run: RunId) => void;
  /** Why the run is turned down instead of done. */
  readonly reject?: string;
}

/**
 * Does one run, from the claim to its end. False when another process has it, or when it is over.
 *
 * A run that waits for its agent is taken up where it rests; one whose owner went silent is restarted, or gone on with.
 */
export async function driveRun<Chunk, Prompt>(
  context: DriveContext<Chunk, Prompt>,
  id: RunId,
): Promise<boolean> {
  const { log, options, closing, report } = context;
  const { projection } = log;
  const before = projection.run(id);
  if (before === undefined || isEnded(before.status)) return false;
  const verdict = before.status === 'suspended' ? verdicts(projection, id) : '';
  if (verdict === undefined) return false;
  const isSpent = projection.claimsWithoutProgress(id) >= CLAIM_BUDGET;

  const take = (record: RecordId, after: Serial | undefined): Promise<Claim | undefined> => {
    const { name: agent, claim = 'confirm' } = options;
    return claimRun(log, { id: record, run: id, agent, after, claim, signal: closing });
  };
  const after = projection.path(id).at(-1)?.serial;
  const claim = await take(mintClaim(id, after), after);
  if (claim === undefined || isEnded(projection.run(id)?.status ?? 'active')) return false;

  const watch = watchRun(log, id, closing);
  watch.own(claim.id);
  const output = createRunOutput({
    channel: log.channel,
    claim,
    claimNext(serial) {
      // Noted before it comes back, so that it isn't taken for somebody else's.
      const record = mintClaim(id, serial);
      watch.own(record);
      return take(record, serial);
    },
    onFailed: (error) => watch.stop({ kind: 'failed', error }),
  });
  const beats = startBeats(log, {
    run: id,
    agent: options.name,
    everyMs: context.leaseMs / 3,
    progress: () => output.progress,
  });
  try {
    const past = after === undefined ? '' : statePast(context, before, output);
    // What was under way when its process was lost has the new one's verdict before anything else is written.
    const opening = before.status === 'active' ? settleLost(past) : verdict;
    const writer = createRunWriter({
      encoder: options.codec.encoder(headOf(id) + past + opening),
      output,
      past,
      sendSignals(chunks) {
        const signal = writeSignal({ kind: 'transient', run: id, codec: options.codec.name, chunks });
        log.channel.signal(signal).catch(() => {});
      },
    });
    writer.append(opening);
    const ending =
      turnedDown(context, id, isSpent) ?? (await work(context, { before, past, writer, watch, beats }));
    if (ending !== undefined) await writer.end(ending);
  } catch (error) {
    if (watch.halt?.kind !== 'superseded' && watch.halt?.kind !== 'closing') report(error, id);
  } finally {
    beats.stop();
    watch.close();
  }
  return true;
}

/** Says what stands of what was written before this claim (P9), and returns it. */
function statePast<Chunk, Prompt>(
  { log, options }: DriveContext<Chunk, Prompt>,
  { id, status }: Run,
  output: RunOutput,
): string {
  const statement = log.projection.statement(id);
  if (statement === undefined) throw new Error('A run that was taken before has something to state.');
  const { serial, length } = statement;
  const standing = log.projection.standing(id).text.slice(0, length);
  const goesOn = options.onTakeover === 'continue' ? lengthToGoOn(standing) : 0;
  // Of a run that rests, or waits for its end, everything stays.
  const kept = status === 'active' ? goesOn : length;
  output.state(serial, kept);
  return standing.slice(0, kept);
}

/** How a run ends without its handler being called. */
function turnedDown<Chunk, Prompt>(
  { log, reject }: DriveContext<Chunk, Prompt>,
  id: RunId,
  isSpent: boolean,
): Ending | undefined {
  const run = log.projection.run(id);
  if (run?.status === 'cancelling') return { status: 'cancelled', reason: run.reason };
  if (isSpent) return { status: 'lost', reason: 'every process that took the run stopped without progress' };
  return reject === undefined ? undefined : { status: 'error', reason: reject };
}

interface Work<Chunk> {
  readonly before: Run;
  readonly past: string;
  readonly writer: RunWriter<Chunk>;
  readonly watch: RunWatch;
  readonly beats: Pick<AgentRun<Chunk, never>, 'state'>;
}

/** Calls the handler; tells how the run ends then, if this process is to say so. */
async function work<Chunk, Prompt>(
  { log, options, report }: DriveContext<Chunk, Prompt>,
  { before, past, writer, watch, beats }: Work<Chunk>,
): Promise<Ending | undefined> {
  const { id } = before;
  const { signal } = watch;
  const steers = watchSteers(log, id);
  let asked: Ending | undefined;
  const run: AgentRun<Chunk, Prompt> = {
    id,
    session: log.channel.name,
    get run() {
      return log.projection.run(id) ?? before;
    },
    messageId: answerIdOf(id),
    signal,
    log: past,
    async branch() {
      const { role: _role, ...answer } = writer.content();
      const branch = await readBranch(log, run.run.input);
      return answer.parts.length === 0
        ? branch
        : [...branch, { ...answer, id: answerIdOf(id), role: 'assistant' }];
    },
    prompt: async () => options.codec.prompt(await run.branch()),
    pipe: (chunks) => pipe(chunks, writer, signal),
    onSteer: (listener) => steers.subscribe(listener),
    deliver({ id: steer, message }) {
      const parts = message.parts as unknown as readonly JsonValue[];
      writer.append(control(['put', 'steering', { id: steer, parts }]));
    },
    end: (status, reason) => void (asked = { status, reason }),
    state: (state) => beats.state(state),
  };
  try {
    await abortable(
      Promise.resolve().then(() => options.run(run)),
      signal,
    );
  } catch (error) {
    if (watch.halt === undefined) {
      report(error, id);
      const reason = options.describeError?.(error) ?? 'The agent failed to answer.';
      return asked?.status === 'error' ? asked : { status: 'error', reason };
    }
  } finally {
    steers.close();
  }
  switch (watch.halt?.kind) {
    case 'cancelled':
      return { status: 'cancelled', reason: watch.halt.reason };
    case 'failed':
      report(watch.halt.error, id);
      return undefined;
    case 'superseded':
    case 'closing':
      return undefined;
    case undefined:
      return asked ?? rest(writer, run.run.device);
  }
}

/** How a run ends of itself: it waits where somebody else has to settle a call, which this assigns to the asker (P18). */
function rest<Chunk>(writer: RunWriter<Chunk>, device: DeviceId | undefined): Ending {
  const waiting = waitingCalls(writer.content().parts);
  for (const { callId, state } of waiting)
    if (state === 'proposed' && device !== undefined) writer.append(control(['assign', callId, { device }]));
  return { status: waiting.length > 0 ? 'suspended' : 'complete' };
}
