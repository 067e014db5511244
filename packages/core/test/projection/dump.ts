import type { Message } from '@holdfast/channel';
import { isEqual } from '@holdfast/codec';
import { expect } from 'vitest';
import type { MessageId } from '../../src/ids.ts';
import { createProjection } from '../../src/projection/projection.ts';
import type { Projection } from '../../src/projection/types.ts';
import { messageId } from './session-script.ts';

export function project(messages: readonly Message[]): Projection {
  const projection = createProjection();
  for (const message of messages) projection.apply(message);
  return projection;
}

/** All that a projection says, as plain values. */
export function dump(projection: Projection): unknown {
  const ids = new Set<MessageId>(projection.branch());
  for (const { input, output } of projection.runs)
    for (const id of [input, output]) if (id !== undefined) ids.add(id);
  for (const id of ['ma', 'mb', 'mc', 'md']) ids.add(messageId(id));
  for (const id of ids) for (const sibling of projection.message(id)?.siblings ?? []) ids.add(sibling);
  return {
    runs: projection.runs,
    open: projection.open.map(({ id }) => id),
    each: projection.runs.map(({ id }) => {
      const { segments, length, text, whole } = projection.standing(id);
      return {
        path: projection.path(id),
        standing: { segments, length, text, whole },
        statement: projection.statement(id),
        claims: projection.claimsWithoutProgress(id),
        answers: projection.answers(id),
      };
    }),
    branch: projection.branch(),
    messages: [...ids].sort().map((id) => projection.message(id)),
    lineages: [...ids].sort().map((id) => projection.lineage(id)),
    tip: projection.tip(),
    state: projection.state,
    floor: projection.floor,
    refusals: projection.refusals,
    horizon: projection.horizon,
    opening: projection.opening,
    unknown: projection.unknown,
  };
}

/** Expects two projections to say the same. */
export function expectSame(actual: Projection, expected: Projection): void {
  const [a, b] = [dump(actual), dump(expected)];
  // The quick way first: there are very many to compare.
  if (!isEqual(a, b)) expect(a).toEqual(b);
}
