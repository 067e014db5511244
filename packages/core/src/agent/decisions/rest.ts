import type { ToolPart } from '@holdfast/codec';
import { answerIdOf } from '../../records/answer-id.ts';
import type { Run } from '../../snapshot.ts';
import type { AgentLog } from '../agent-log.ts';
import { deadlineOf, waitingCalls } from './waiting.ts';

/** What settles a run that rests, without anybody saying anything. */
export interface Rest {
  /** The time, in milliseconds since 1970; `Infinity` where it is not limited. */
  readonly until: number;
  /** A device that goes away: somebody has to see that. */
  readonly hasDevice: boolean;
}

export function restOf({ projection }: Pick<AgentLog, 'projection'>, run: Run): Rest {
  const calls = callsOf(projection, run);
  return {
    until: Math.min(Infinity, ...calls.map(deadlineOf)),
    hasDevice: calls.some(({ device }) => device !== undefined),
  };
}

/** Whether the time is over for a call that a run waits for. */
export function hasExpired({ projection }: Pick<AgentLog, 'projection'>, run: Run): boolean {
  return callsOf(projection, run).some(isExpired);
}

export function isExpired(call: ToolPart): boolean {
  return deadlineOf(call) < Date.now() - CLOCKS_APART_MS;
}

/** How far the channel's clock may be behind this one, in milliseconds, before a run is taken for nothing. */
export const CLOCKS_APART_MS = 500;

function callsOf(projection: AgentLog['projection'], { id }: Run): readonly ToolPart[] {
  return waitingCalls(projection.message(answerIdOf(id))?.parts ?? []);
}
