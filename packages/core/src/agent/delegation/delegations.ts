import { isChannelError } from '@holdfast/channel';
import { compact, control } from '@holdfast/codec';
import type { ContentMessage, JsonObject } from '@holdfast/codec';
import { abortable } from '../../abortable.ts';
import { DELEGATION } from '../../agents/part-name.ts';
import type { Delegated, DelegateOptions, DelegationOptions, Task } from '../../delegation.ts';
import { SessionError } from '../../errors.ts';
import type { RunId } from '../../ids.ts';
import { publishRecord } from '../../log/publish-record.ts';
import { until } from '../../log/until-change.ts';
import type { AgentState, InputRecord } from '../../records.ts';
import { isEnded } from '../../snapshot.ts';
import type { AgentLog } from '../agent-log.ts';
import { persist } from '../persist.ts';
import type { Ending, RunWriter } from '../run-writer.ts';
import { awaitRuns } from './await-runs.ts';
import { checkRoom } from './limits.ts';
import { subRunId } from './sub-run-id.ts';

/** What a handler asks other agents. */
export interface Delegations {
  delegate(to: string, task: string | Task, options?: DelegateOptions): Delegated;
  /** Says what the handler does besides. */
  state(state: AgentState): void;
  /** The handler has returned: what nobody waits for any more is stopped, or goes on. */
  leave(ending: Ending): void;
  close(): void;
}

export interface DelegationsOptions {
  readonly log: AgentLog;
  readonly run: RunId;
  readonly writer: Pick<RunWriter<never>, 'append'>;
  readonly limits: DelegationOptions | undefined;
  /** Nothing stands of what the answer was before: the handler asks again for what it still wants. */
  readonly isAnew: boolean;
  /** Aborts when the work has to stop. */
  readonly signal: AbortSignal;
  /** Says what the agent does, for observers. */
  readonly state: (state: AgentState) => void;
  readonly onError: (error: unknown) => void;
}

export function createDelegations(options: DelegationsOptions): Delegations {
  const { log, run, writer, limits, signal, onError } = options;
  const { projection, channel } = log;
  const delegated = new Map<RunId, Delegated>();
  const counts = new Map<string, number>();
  const waiting = new Map<RunId, string>();
  const runs = awaitRuns(log, {
    lostMs: limits?.lostMs ?? LOST_MS,
    giveUp: (id, reason) => void stopRun(log, id, reason).catch(onError),
  });

  const isOurs = (id: RunId): boolean => projection.run(id)?.parentRun === run;
  /** An id that was taken by somebody who guessed it is passed over. */
  const idFor = (to: string, key: string): RunId => {
    for (let name = key; ; name += '+') {
      const id = subRunId(run, to, name);
      if (projection.record(id) === undefined || isOurs(id)) return id;
    }
  };
  const nameTask = (to: string, { parts }: Task, { label, key }: DelegateOptions): string => {
    if (key !== undefined) return JSON.stringify(['key', key]);
    const said = JSON.stringify([to, label ?? null, parts]);
    const count = (counts.get(said) ?? 0) + 1;
    counts.set(said, count);
    return JSON.stringify([said, count]);
  };

  const store = async (id: RunId, record: InputRecord, stop: AbortSignal): Promise<void> => {
    if (projection.record(id) !== undefined) return;
    try {
      await persist(() => publishRecord(channel, record, id), stop);
    } catch (cause) {
      if (stop.aborted || !isChannelError(cause)) throw cause;
      // Another process of this agent asked the same a moment ago.
      if (cause.code === 'conflict') await until(log, () => projection.record(id) !== undefined, stop);
      if (isOurs(id)) return;
      throw new SessionError('refused', `The task could not be stored: ${cause.message}`, { cause });
    }
  };
  const wait = (id: RunId, who: string | undefined): void => {
    if (who === undefined) waiting.delete(id);
    else waiting.set(id, who);
    state({ doing: 'thinking' });
  };
  /** As long as others are at work, that is what the agent waits for, whatever tool it did so by. */
  const state = (is: AgentState): void => {
    const [first] = waiting.values();
    const isIdle = is.doing === 'thinking' || is.doing === 'calling';
    options.state(first !== undefined && isIdle ? { doing: 'waiting', for: 'agent', who: first } : is);
  };

  return {
    delegate(to, task, how = {}) {
      if (to === '') throw new TypeError('to must be the name of an agent');
      signal.throwIfAborted();
      const said =
        typeof task === 'string' ? { parts: [{ type: 'text', text: task, state: 'done' }] as const } : task;
      const id = idFor(to, nameTask(to, said, how));
      const known = delegated.get(id);
      if (known !== undefined) return known;
      const { label, metadata = typeof task === 'string' ? undefined : task.metadata } = how;
      if (!isOurs(id)) checkRoom(projection, run, [...delegated.keys()], limits);
      const shown: JsonObject = compact({ run: id as string, to, label });
      writer.append(control(['put', 'data', { name: DELEGATION, id, data: shown }]));
      // Very many listeners on one signal are taken for a leak.
      const stop = AbortSignal.any([signal]);
      const stored = store(
        id,
        compact<InputRecord>({
          kind: 'input',
          message: compact<ContentMessage>({ id: `${id}.task`, role: 'user', parts: said.parts, metadata }),
          parent: null,
          to,
          delivery: 'parallel',
          parentRun: run,
          label,
        }),
        stop,
      );
      wait(id, label ?? to);
      const done = abortable(
        stored.then(() => runs.of(id)).finally(() => wait(id, undefined)),
        stop,
      );
      // A handler need not wait for what it asked for.
      done.catch(() => {});
      const made: Delegated = { run: id, done, cancel: (reason) => stopRun(log, id, reason) };
      delegated.set(id, made);
      return made;
    },
    state,
    leave({ status }) {
      const isFailed = status === 'error' || status === 'lost';
      if (!isFailed && (status !== 'complete' || !options.isAnew)) return;
      const wanted = [...delegated.keys()];
      const stopped = isFailed
        ? stopSubRuns(log, run, { reason: FAILED, also: wanted })
        : stopSubRuns(log, run, { reason: NOT_WANTED, but: wanted });
      stopped.catch(onError);
    },
    close: () => runs.close(),
  };
}

const LOST_MS = 60_000;
const FAILED = 'the answer that it was for failed';
const NOT_WANTED = 'the answer that it was for was begun again without it';

interface StopOptions {
  readonly reason: string;
  /** Those that go on. */
  readonly but?: readonly RunId[];
  /** Those that may not have come back yet. */
  readonly also?: readonly RunId[];
}

/** Stops what a run asked for and is not over. */
export async function stopSubRuns(
  log: AgentLog,
  run: RunId,
  { reason, but = [], also = [] }: StopOptions,
): Promise<void> {
  const { projection } = log;
  const asked = projection.runs.flatMap(({ id, parentRun }) => (parentRun === run ? id : []));
  const left = [...new Set([...asked, ...also])].filter((id) => {
    const { status = 'queued' } = projection.run(id) ?? {};
    return !isEnded(status) && status !== 'cancelling' && !but.includes(id);
  });
  await Promise.all(left.map((id) => stopRun(log, id, reason)));
}

async function stopRun(log: AgentLog, run: RunId, reason: string | undefined): Promise<void> {
  const record = compact({ kind: 'cancel', run, reason } as const);
  await publishRecord(log.channel, record);
}
