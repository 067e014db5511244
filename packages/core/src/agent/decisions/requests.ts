import type { JsonValue } from '@holdfast/channel';
import type { JsonObject, ToolPart } from '@holdfast/codec';
import { compact, control } from '@holdfast/codec';
import { abortable } from '../../abortable.ts';
import type { AgentRun } from '../../agent.ts';
import type { ApprovalOutcome, ApprovalPolicy, AttachedDevice, ClientToolOptions } from '../../decisions.ts';
import { SessionError } from '../../errors.ts';
import type { DeviceId, RecordId, RunId } from '../../ids.ts';
import type { AgentState } from '../../records.ts';
import type { Run } from '../../snapshot.ts';
import type { AgentLog } from '../agent-log.ts';
import type { RunWriter } from '../run-writer.ts';
import { bindApproval, checkPolicy } from './ask.ts';
import { openDesk } from './desk.ts';
import { assign, deviceFor, type Devices } from './devices.ts';
import { isAskedFor, OWN_CALL } from './waiting.ts';

/** What a handler asks of others, or does itself, call by call. */
export interface Requests extends Pick<
  AgentRun<never, never>,
  'idempotencyKey' | 'requestTool' | 'requestApproval' | 'callTool'
> {
  readonly close: () => void;
}

export interface RequestsOptions {
  readonly log: AgentLog;
  readonly run: RunId;
  readonly current: () => Run;
  readonly writer: Pick<RunWriter<never>, 'append' | 'content' | 'flush'>;
  readonly devices: Devices;
  readonly clientTools: ClientToolOptions;
  readonly policyOf: (call: ToolPart) => ApprovalPolicy | Promise<ApprovalPolicy>;
  readonly now: () => number;
  readonly ruled: Set<RecordId>;
  /** How long a request waits in this process, in milliseconds. */
  readonly holdMs: number;
  /** Aborts when the work has to stop. */
  readonly signal: AbortSignal;
  /** Aborts when the process is about to leave: what waits is left to the next one. */
  readonly leaving: AbortSignal;
  readonly state: (state: AgentState) => void;
  /** The handler begins to wait for somebody. */
  readonly onAsk: () => void;
  readonly onError: (error: unknown) => void;
}

/** What a request rejects with when the run is to rest: the handler lets it through, and is called again. */
export class SuspendedError extends SessionError {
  constructor() {
    super('suspended', 'The run rests until somebody answers; its handler is called again then.');
  }
}

export function createRequests(options: RequestsOptions): Requests {
  const { log, run, current, writer, devices, clientTools, policyOf, now, signal, state, onError } = options;
  const counts = new Map<string, number>();
  const waiters = new Set<() => void>();
  const desk = openDesk({
    log,
    run,
    writer,
    policyOf,
    now,
    ruled: options.ruled,
    onRuled: () => {
      for (const look of waiters) look();
    },
    onError,
  });

  const find = (callId: string): ToolPart | undefined =>
    writer
      .content()
      .parts.findLast((part): part is ToolPart => part.type === 'tool' && part.callId === callId);
  const get = (callId: string): ToolPart => {
    const call = find(callId);
    if (call === undefined) throw new TypeError(`There is no call ${callId}.`);
    return call;
  };
  const nameCall = (name: string, id: string | undefined): string => {
    if (name === '') throw new TypeError('name must be a non-empty string');
    if (id !== undefined) return id;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name}-${count}`;
  };
  const propose = (callId: string, name: string, input: JsonValue): ToolPart => {
    if (find(callId) === undefined) writer.append(control(['call', callId, { name, input, ...OWN_CALL }]));
    const call = get(callId);
    if (call.name !== name) throw new TypeError(`The call ${callId} is one of ${call.name}, not of ${name}.`);
    return call;
  };

  /** Resolves when the call stands otherwise than `isOpen`; rejects when the run is to rest, or to stop. */
  const settled = async (callId: string, waiting: AgentState): Promise<ToolPart> => {
    const leaving = AbortSignal.any([options.leaving, AbortSignal.timeout(options.holdMs)]);
    state(waiting);
    options.onAsk();
    let stop = (): void => {};
    const changed = new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!isAskedFor(get(callId))) resolve();
      };
      const leave = (): void => reject(new SuspendedError());
      waiters.add(look);
      leaving.addEventListener('abort', leave);
      stop = () => {
        waiters.delete(look);
        leaving.removeEventListener('abort', leave);
      };
      look();
      if (leaving.aborted) leave();
    });
    try {
      await abortable(changed, signal);
    } finally {
      stop();
    }
    state({ doing: 'thinking' });
    return get(callId);
  };

  return {
    idempotencyKey: (callId) => `${run}:${callId}`,

    async requestTool(name, input, { id, device, timeoutMs } = {}) {
      let call = propose(nameCall(name, id), name, input);
      const { callId } = call;
      if (call.state === 'proposed' && call.device === undefined) {
        const chosen =
          device === undefined
            ? deviceFor(call, current(), devices, clientTools)
            : (devices.attached.find((each) => each.device === device) ?? askersOwn(device, current()));
        if (chosen === undefined)
          throw new SessionError('not_found', `No device is there to run the tool ${name}.`);
        writer.append(assign(callId, chosen, timeoutMs === undefined ? undefined : now() + timeoutMs));
        call = get(callId);
      }
      if (isAskedFor(call)) {
        desk.open(callId, { until: call.until });
        const watching = setInterval(() => {
          const now = get(callId);
          const heir = deviceFor(now, current(), devices, clientTools);
          if (heir !== undefined) writer.append(assign(callId, heir, now.until));
        }, DEVICES_EVERY_MS);
        try {
          call = await settled(callId, { doing: 'waiting', for: 'client-tool' });
        } finally {
          clearInterval(watching);
        }
      }
      return outputOf(call);
    },

    async requestApproval(name, input, { id, reason, ...policy } = {}) {
      checkPolicy(policy);
      let call = propose(nameCall(name, id), name, input);
      const { callId } = call;
      const approvalId = call.approval?.id ?? `${callId}.approval`;
      if (call.approval === undefined) {
        const why: JsonObject = reason === undefined ? {} : { reason };
        const asked = { ...call, approval: { id: approvalId } };
        const bound = await bindApproval(asked, policy, now());
        writer.append(control(['ask', approvalId, { tool: callId, ...why }]) + bound);
        call = get(callId);
      }
      if (isAskedFor(call)) {
        desk.open(callId, { policy, until: call.approval?.until });
        call = await settled(callId, { doing: 'waiting', for: 'approval' });
      }
      const { approval } = call;
      return compact<ApprovalOutcome>({
        callId,
        ok: approval?.ok === true,
        input: call.input ?? null,
        reason: approval?.reason,
        record: approval?.record as RecordId | undefined,
      });
    },

    async callTool(name, input, execute, { id, idempotent = false } = {}) {
      const call = propose(nameCall(name, id), name, input);
      const { callId } = call;
      if (isOver(call)) return outputOf(call);
      if (call.state === 'asked' || call.state === 'denied')
        throw new SessionError('forbidden', `The call ${callId} has not been approved.`);
      if (call.state === 'running' && !idempotent) {
        const error = 'It is not known what came of this call.';
        writer.append(control(['result', callId, { error }]));
        return outputOf(get(callId));
      }
      // That it was begun stands before it begins.
      writer.append(control(['result', callId, { preliminary: true }]));
      await writer.flush();
      state({ doing: 'calling', tool: name });
      try {
        const output = await abortable(
          Promise.resolve(
            execute(call.input ?? null, {
              callId,
              idempotencyKey: `${run}:${callId}`,
              signal,
              progress: (so) => writer.append(control(['result', callId, { output: so, preliminary: true }])),
            }),
          ),
          signal,
        );
        writer.append(control(['result', callId, { output }]));
        return output;
      } catch (error) {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        writer.append(control(['result', callId, { error: why }]));
        throw error;
      } finally {
        state({ doing: 'thinking' });
      }
    },

    close: () => desk.close(),
  };
}

/** How often it is looked whether a device that was given a call is still there, in milliseconds. */
const DEVICES_EVERY_MS = 250;

/** Of a device that doesn't say whose it is, only who asked may answer: its id is in the log for everybody to read (P6). */
function askersOwn(device: DeviceId, { author: { clientId } }: Run): AttachedDevice {
  return { device, tools: [], ...(clientId !== undefined && { clientId }) };
}

function isOver({ state }: ToolPart): boolean {
  return state === 'result' || state === 'error';
}

function outputOf({ state, output = null, error, name }: ToolPart): JsonValue {
  if (state === 'result') return output;
  throw new SessionError('failed', error ?? `The tool ${name} gave no result.`);
}
