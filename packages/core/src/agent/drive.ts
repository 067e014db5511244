import type { JsonValue, Serial } from '@holdfast/channel';
import { control } from '@holdfast/codec';
import type { ToolPart } from '@holdfast/codec';
import { abortable } from '../abortable.ts';
import type { AgentOptions, AgentRun } from '../agent.ts';
import type { ApprovalPolicy } from '../decisions.ts';
import type { RecordId, RunId } from '../ids.ts';
import { publishOne } from '../log/publish-one.ts';
import { until } from '../log/until-change.ts';
import { reasoningLane } from '../reasoning/thread.ts';
import { answerIdOf, headOf } from '../records/answer-id.ts';
import { writeSignal } from '../records/signal.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';
import type { Audience } from './attention/audience.ts';
import { openAttention } from './attention/open-attention.ts';
import { startBeats } from './beats.ts';
import { readBranch } from './branch.ts';
import { openBudget } from './budget.ts';
import { claimRun, mintClaim, type Claim } from './claim.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { bindApproval } from './decisions/ask.ts';
import { assign, deviceFor } from './decisions/devices.ts';
import { createRequests, SuspendedError } from './decisions/requests.ts';
import {
  beginLeg,
  createPolicies,
  isAsked,
  isWorthIt,
  partsOf,
  type Surroundings,
} from './decisions/take-up.ts';
import { isOwnCall, waitingCalls } from './decisions/waiting.ts';
import { createDelegations, stopSubRuns } from './delegation/delegations.ts';
import { lengthToGoOn } from './go-on.ts';
import { createHandover } from './handover.ts';
import { pipe } from './pipe.ts';
import { openThreads } from './reasoning/read-threads.ts';
import { withThreads } from './reasoning/threaded-output.ts';
import { fit, roomOf } from './room.ts';
import { writeState } from './write-state.ts';
import { createRunOutput, type RunOutput } from './run-output.ts';
import { createRunWriter, type Ending, type RunWriter } from './run-writer.ts';
import { watchSteers } from './steers.ts';
import { watchRun, type RunWatch } from './watch-run.ts';

export interface DriveContext<Chunk, Prompt> extends Surroundings {
  readonly options: AgentOptions<Chunk, Prompt>;
  readonly leaseMs: number;
  /** Aborts when the agent gives up what is under way. */
  readonly closing: AbortSignal;
  /** Aborts when the agent takes no more runs: those that wait for somebody are left to others. */
  readonly leaving: AbortSignal;
  readonly report: (error: unknown, run: RunId) => void;
  /** Opened where something depends on who watches. */
  readonly audience?: Audience | undefined;
  /** Why the run is turned down instead of done. */
  readonly reject?: string;
  /** Told when a handler asks somebody, and waits in this process. */
  readonly onAsk?: (run: RunId) => void;
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
  if (before.status === 'suspended' && !(await isWorthIt(context, before))) return false;
  const budget = openBudget(projection, id, options.recovery);

  const take = (record: RecordId, after: Serial | undefined): Promise<Claim | undefined> => {
    const { name: agent, claim = 'confirm' } = options;
    return claimRun(log, { id: record, run: id, agent, after, claim, signal: closing });
  };
  const after = projection.path(id).at(-1)?.serial;
  const claim = await take(mintClaim(id, after), after);
  if (claim === undefined || isEnded(projection.run(id)?.status ?? 'active')) return false;

  const watch = watchRun(log, id, closing);
  watch.own(claim.id);
  const ruled = new Set<RecordId>();
  const now = channelClock(projection.record(claim.id)?.timestamp ?? Date.now());
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
  let written: RunOutput = output;
  const progress = (): number => written.progress;
  const beats = startBeats(log, {
    run: id,
    agent: options.name,
    everyMs: context.leaseMs / 3,
    seen: () => output.progress,
    progress,
  });
  try {
    const past = after === undefined ? '' : statePast(context, before, output);
    const { log: said, isOpen } = await beginLeg(context, { before, past, now: now(), ruled });
    if (options.reasoning === 'threaded')
      written = withThreads({
        output,
        run: id,
        channel: options.channels.channel(reasoningLane(log.channel.name, id)),
        main: log.channel,
        past,
        signal: closing,
        onError: (error) => report(error, id),
      });
    // Of a client's result that is too large, its call is told.
    const opening = fit(said, roomOf(log.channel)).text;
    const writer = createRunWriter({
      encoder: options.codec.encoder(headOf(id) + past + opening),
      output: written,
      past,
      room: roomOf(log.channel),
      sendSignals(chunks) {
        const signal = writeSignal({ kind: 'transient', run: id, codec: options.codec.name, chunks });
        log.channel.signal(signal).catch(() => {});
      },
    });
    writer.append(opening);
    const ending =
      turnedDown(context, id, budget.spent(claim.id)) ??
      (isOpen
        ? SUSPENDED
        : await work(context, {
            before,
            past,
            writer,
            watch,
            beats,
            now,
            ruled,
            progress,
          }));
    if (ending?.status === 'lost') {
      const { reason = 'lost' } = ending;
      stopSubRuns(log, id, { reason }).catch((error: unknown) => report(error, id));
    }
    // A channel that is out of reach doesn't keep an agent from closing.
    if (ending !== undefined) {
      await abortable(writer.end(ending), closing);
      await writeCheckpoint(log, claim, closing);
    }
  } catch (error) {
    if (watch.halt?.kind !== 'superseded' && watch.halt?.kind !== 'closing') report(error, id);
  } finally {
    // Whoever looks need not wait for a lease.
    if (watch.halt?.kind === 'closing') beats.state({ doing: 'closing' });
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
  // What somebody was asked, and what the handler has done, is not done again.
  const mustGoOn = partsOf(standing).some((part) => isOwnCall(part) || isAsked(part));
  const goesOn = options.onTakeover === 'continue' || mustGoOn ? lengthToGoOn(standing) : 0;
  // Of a run that rests, or waits for its end, everything stays.
  const kept = status === 'active' ? goesOn : length;
  output.state(serial, kept);
  return standing.slice(0, kept);
}

/** The channel's time as this process can tell it: as of a message that it has just seen, in milliseconds since 1970. */
function channelClock(timestamp: number): () => number {
  const at = performance.now();
  return () => timestamp + performance.now() - at;
}

const SUSPENDED: Ending = { status: 'suspended' };

/** How a run ends without its handler being called. */
function turnedDown<Chunk, Prompt>(
  { log, reject }: DriveContext<Chunk, Prompt>,
  id: RunId,
  spent: string | undefined,
): Ending | undefined {
  const run = log.projection.run(id);
  if (run?.status === 'cancelling') return { status: 'cancelled', reason: run.reason };
  if (spent !== undefined) return { status: 'lost', reason: spent };
  return reject === undefined ? undefined : { status: 'error', reason: reject };
}

interface Work<Chunk> {
  readonly before: Run;
  readonly past: string;
  readonly writer: RunWriter<Chunk>;
  readonly watch: RunWatch;
  readonly beats: Pick<AgentRun<Chunk, never>, 'state'>;
  /** The channel's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Records that this process has judged. */
  readonly ruled: Set<RecordId>;
  readonly progress: () => number;
}

/** Calls the handler; tells how the run ends then, if this process is to say so. */
async function work<Chunk, Prompt>(
  context: DriveContext<Chunk, Prompt>,
  { before, past, writer, watch, beats, now, ruled, progress }: Work<Chunk>,
): Promise<Ending | undefined> {
  const { log, options, report, devices, leaving, audience } = context;
  const { id } = before;
  const { signal } = watch;
  const steers = watchSteers(log, id, options);
  const attention = openAttention(options, {
    run: before,
    session: log.channel.name,
    audience,
    watch,
    beats,
    progress,
    report,
  });
  const policyOf = createPolicies(context, before);
  const { close: closeRequests, ...requests } = createRequests({
    log,
    run: id,
    current: () => log.projection.run(id) ?? before,
    writer,
    devices,
    clientTools: options.clientTools ?? {},
    policyOf,
    now,
    ruled,
    holdMs: options.holdMs ?? HOLD_MS,
    signal,
    leaving,
    state: (state) => beats.state(state),
    onAsk: () => context.onAsk?.(id),
    onError: (error) => report(error, id),
  });
  const threads = openThreads({
    channels: options.channels,
    session: log.channel.name,
    signal,
    onError: (error) => report(error, id),
  });
  const delegations = createDelegations({
    log,
    run: id,
    writer,
    limits: options.delegation,
    isAnew: past === '',
    signal,
    state: (state) => beats.state(state),
    onError: (error) => report(error, id),
  });
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
      const branch = await readBranch(log, run.run.input, (of, parts) => threads.join(of, parts));
      if (answer.parts.length === 0) return branch;
      const parts = await threads.join(id, answer.parts);
      return [...branch, { ...answer, parts, id: answerIdOf(id), role: 'assistant' }];
    },
    prompt: async () => options.codec.prompt(await run.branch()),
    pipe: (chunks) => pipe(chunks, writer, signal, () => attention.ready()),
    attention: () => attention.report,
    onSteer: (listener) => steers.subscribe(listener),
    deliver({ id: steer, message }) {
      const parts = message.parts as unknown as readonly JsonValue[];
      writer.append(control(['put', 'steering', { id: steer, parts }]));
    },
    async annotate(...annotations) {
      await until(log, () => log.projection.path(id).length > 0, signal);
      const [first] = log.projection.path(id);
      for (const each of annotations)
        if (first)
          await publishOne(log.channel, { action: 'annotate', serial: first.serial, annotation: each });
    },
    get sharedState() {
      return log.projection.state;
    },
    setState: (key, value) => writeState(log, { key, value, signal }),
    ...requests,
    ...createHandover(options.channels, log.channel, () => run.run),
    delegate: (to, task, how) => delegations.delegate(to, task, how),
    end: (status, reason) => void (asked = { status, reason }),
    state: (state) => delegations.state(state),
  };
  const leave = (ending: Ending): Ending => {
    delegations.leave(ending);
    return ending;
  };
  try {
    await abortable(
      Promise.resolve().then(() => options.run(run)),
      signal,
    );
  } catch (error) {
    if (watch.halt === undefined && !(error instanceof SuspendedError)) {
      report(error, id);
      const reason = options.describeError?.(error) ?? 'The agent failed to answer.';
      return leave(asked?.status === 'error' ? asked : { status: 'error', reason });
    }
  } finally {
    steers.close();
    attention.close();
    closeRequests();
    delegations.close();
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
      return leave(asked ?? (await rest(context, run.run, writer, { policyOf, now })));
  }
}

/** How a run ends of itself: it waits where somebody else has to settle a call, which is given to a device here (P18). */
async function rest<Chunk, Prompt>(
  { devices, options }: DriveContext<Chunk, Prompt>,
  run: Run,
  writer: RunWriter<Chunk>,
  {
    policyOf,
    now,
  }: { readonly policyOf: (call: ToolPart) => Promise<ApprovalPolicy>; readonly now: () => number },
): Promise<Ending> {
  const waiting = waitingCalls(writer.content().parts);
  for (const call of waiting) {
    if (call.state === 'asked' && call.approval?.digest === undefined)
      writer.append(await bindApproval(call, await policyOf(call), now()));
    const device =
      call.device === undefined ? deviceFor(call, run, devices, options.clientTools ?? {}) : undefined;
    if (device !== undefined) writer.append(assign(call.callId, device));
  }
  return { status: waiting.length > 0 ? 'suspended' : 'complete' };
}

/** How long a handler's request waits in the process, where the agent doesn't say. */
const HOLD_MS = 30_000;
