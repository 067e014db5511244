import type { DelegationOptions } from '../../delegation.ts';
import { SessionError } from '../../errors.ts';
import type { RunId } from '../../ids.ts';
import type { Projection } from '../../projection/types.ts';
import { isEnded } from '../../snapshot.ts';

const MAX_OPEN = 32;
const MAX_DEPTH = 8;

/** @throws TypeError for limits that nothing could meet */
export function checkLimits({ maxOpen, maxDepth, lostMs }: DelegationOptions = {}): void {
  for (const [name, value] of Object.entries({ maxOpen, maxDepth, lostMs }))
    if (value !== undefined && !(value > 0)) throw new TypeError(`delegation.${name} must be above 0`);
}

/**
 * Agents that ask each other in circles, or for ever more, come to an end here.
 *
 * @param asked what was asked by this process and may not have come back yet
 * @throws SessionError `limit`
 */
export function checkRoom(
  projection: Projection,
  parent: RunId,
  asked: readonly RunId[],
  { maxOpen = MAX_OPEN, maxDepth = MAX_DEPTH }: DelegationOptions = {},
): void {
  /** A run and all that it is part of, up to the question. */
  const lineOf = (run: RunId): readonly RunId[] => {
    const line = new Set<RunId>();
    for (
      let at: RunId | undefined = run;
      at !== undefined && !line.has(at);
      at = projection.run(at)?.parentRun
    )
      line.add(at);
    return [...line];
  };
  const line = lineOf(parent);
  if (line.length > maxDepth)
    throw new SessionError(
      'limit',
      `Agents may delegate ${maxDepth} levels deep, and this would be one more.`,
    );
  const root = line.at(-1);
  const open = new Set(asked.filter((run) => !isEnded(projection.run(run)?.status ?? 'queued')));
  for (const { id, parentRun, status } of projection.runs)
    if (parentRun !== undefined && !isEnded(status) && lineOf(id).at(-1) === root) open.add(id);
  if (open.size >= maxOpen)
    throw new SessionError(
      'limit',
      `${open.size} sub-runs of this question are under way, and no more may be.`,
    );
}
