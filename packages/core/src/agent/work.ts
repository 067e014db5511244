import type { JsonValue } from '@holdfast/channel';
import { control } from '@holdfast/codec';
import { abortable } from '../abortable.ts';
import type { AgentRun } from '../agent.ts';
import type { RecordId } from '../ids.ts';
import { publishOne } from '../log/publish-one.ts';
import { until } from '../log/until-change.ts';
import { answerIdOf } from '../records/answer-id.ts';
import type { Run } from '../snapshot.ts';
import { openAttention } from './attention/open-attention.ts';
import { readBranch } from './branch.ts';
import { comeToRest } from './decisions/come-to-rest.ts';
import { createRequests, SuspendedError } from './decisions/requests.ts';
import { createPolicies } from './decisions/take-up.ts';
import { createDelegations } from './delegation/delegations.ts';
import type { DriveContext } from './drive-context.ts';
import { createHandover } from './handover.ts';
import { pipe } from './pipe.ts';
import { openThreads } from './reasoning/read-threads.ts';
import type { Ending, RunWriter } from './run-writer.ts';
import { watchSteers } from './steers.ts';
import type { RunWatch } from './watch-run.ts';
import { writeState } from './write-state.ts';

/** How long a handler's request waits in the process, where the agent doesn't say. */
const HOLD_MS = 30_000;

export interface Work<Chunk> {
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
export async function work<Chunk, Prompt>(
  context: DriveContext<Chunk, Prompt>,
  { before, past, writer, watch, beats, now, ruled, progress }: Work<Chunk>,
): Promise<Ending | undefined> {
  const { log, options, report, devices, leaving, audience } = context;
  const { id } = before;
  const { clientTools = {} } = options;
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
    clientTools,
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
      return leave(
        asked ?? (await comeToRest({ run: run.run, writer, devices, clientTools, policyOf, now })),
      );
  }
}
