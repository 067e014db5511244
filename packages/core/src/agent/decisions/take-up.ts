import { createContentFold } from '@holdfast/codec';
import type { Part, ToolPart } from '@holdfast/codec';
import type { AgentOptions } from '../../agent.ts';
import type { ApprovalPolicy } from '../../decisions.ts';
import type { RecordId } from '../../ids.ts';
import { answerIdOf } from '../../records/answer-id.ts';
import type { Run } from '../../snapshot.ts';
import type { AgentLog } from '../agent-log.ts';
import { settleLost } from '../go-on.ts';
import { checkPolicy, toAsk } from './ask.ts';
import { assign, deviceFor, type Devices } from './devices.ts';
import { rule } from './rule.ts';
import { isExpired } from './rest.ts';
import { isAskedFor, waitingCalls } from './waiting.ts';

/** What decisions about a run's calls depend on. */
export interface Surroundings {
  readonly log: AgentLog;
  readonly options: Pick<AgentOptions<never, never>, 'approvals' | 'clientTools'>;
  readonly devices: Devices;
}

interface Beginning {
  readonly before: Run;
  readonly past: string;
  /** The channel's time, in milliseconds since 1970. */
  readonly now: number;
  /** Takes the records that are judged: no one is judged twice while the verdict has not come back. */
  readonly ruled: Set<RecordId>;
}

interface Opening {
  readonly log: string;
  /** Somebody is still waited for: the run rests again. */
  readonly isOpen: boolean;
}

/** What is written before anything else: verdicts on what was answered, and what became of what a lost process was at. */
export async function beginLeg(
  context: Surroundings,
  { before, past, now, ruled }: Beginning,
): Promise<Opening> {
  const { log, devices, options } = context;
  const parts = partsOf(past);
  const isResting = before.status === 'suspended';
  const lost = before.status === 'active' ? settleLost(parts) : '';
  if (!isResting && !parts.some(isAsked)) return { log: lost, isOpen: false };
  const { projection } = log;
  const policyOf = createPolicies(context, before);
  const ruling = await rule({ projection, run: before.id, parts, policyOf, now, ruled });
  if (!ruling.isOpen) return { log: lost + ruling.log, isOpen: false };
  const given = waitingCalls(partsOf(past + ruling.log)).flatMap((call) => {
    const device = deviceFor(call, before, devices, options.clientTools ?? {});
    return device === undefined ? [] : assign(call.callId, device, call.until);
  });
  return { log: lost + ruling.log + given.join(''), isOpen: true };
}

/** Whether a run that rests would go on if it were taken now, or somebody should be told something. */
export async function isWorthIt(context: Surroundings, run: Run): Promise<boolean> {
  if (isOverdue(context, run)) return true;
  const { projection } = context.log;
  const { parts = [] } = projection.message(answerIdOf(run.id)) ?? {};
  const policyOf = createPolicies(context, run);
  const ruling = await rule({ projection, run: run.id, parts, policyOf, now: Date.now() });
  return ruling.log !== '' && (ruling.isUrgent || !ruling.isOpen);
}

/** Whether a run that rests waits for nobody any more: the time is over, or a device has gone. */
export function isOverdue({ log: { projection }, devices, options }: Surroundings, run: Run): boolean {
  const { parts = [] } = projection.message(answerIdOf(run.id)) ?? {};
  return waitingCalls(parts).some(
    (call) =>
      isExpired(call) ||
      (call.device !== undefined && deviceFor(call, run, devices, options.clientTools ?? {}) !== undefined),
  );
}

/** The agent's policy for each call. */
export function createPolicies(
  { log, options }: Surroundings,
  before: Run,
): (call: ToolPart) => Promise<ApprovalPolicy> {
  return async (call) =>
    checkPolicy((await options.approvals?.(toAsk(call), log.projection.run(before.id) ?? before)) ?? {});
}

export function partsOf(log: string): readonly Part[] {
  const fold = createContentFold();
  fold.push(log);
  return fold.content.parts;
}

export function isAsked(part: Part): boolean {
  return part.type === 'tool' && isAskedFor(part);
}
