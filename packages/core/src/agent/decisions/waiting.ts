import type { Part, ToolPart } from '@holdfast/codec';
import type { RunId } from '../../ids.ts';
import type { AnswerState, Projection } from '../../projection/types.ts';

/** Calls that wait for somebody outside of the agent: an approval, or a result from a client. */
export function waitingCalls(parts: readonly Part[]): readonly ToolPart[] {
  return parts.filter(
    (part): part is ToolPart =>
      part.type === 'tool' &&
      (part.state === 'asked' || (part.state === 'proposed' && part.by === undefined)),
  );
}

/** Somebody has been asked for it: an approval is open, or a device was given the call. */
export function isAskedFor({ state, device }: ToolPart): boolean {
  return state === 'asked' || (state === 'proposed' && device !== undefined);
}

/** Until when somebody can settle a call that waits. */
export function deadlineOf({ state, approval, until }: ToolPart): number {
  return (state === 'asked' ? approval?.until : until) ?? Infinity;
}

/** An answer that no verdict names and that asks for one. */
export function wantsVerdict({ outcome }: AnswerState): boolean {
  return outcome !== 'counted' && outcome !== 'refused' && outcome !== 'waiting';
}

/** Whether there are answers to a run that its agent has not judged. */
export function hasNews(projection: Projection, run: RunId): boolean {
  return projection.answers(run).some(wantsVerdict);
}

/** Where a call's `x` says that the agent's handler made it. */
const OWN = 'holdfast';

/** Marks a call as the handler's own: whoever takes the run over finds it in the log, and settles it. */
export const OWN_CALL = { x: { [OWN]: { own: true } } } as const;

export function isOwnCall(part: Part): boolean {
  return part.type === 'tool' && part.x?.[OWN] !== undefined;
}
