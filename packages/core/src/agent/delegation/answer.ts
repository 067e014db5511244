import { compact } from '@holdfast/codec';
import type { DelegatedAnswer } from '../../delegation.ts';
import type { RunId } from '../../ids.ts';
import type { Projection } from '../../projection/types.ts';
import { answerIdOf } from '../../records/answer-id.ts';

/** What came of a sub-run; undefined while it goes on. */
export function answerOf(projection: Projection, id: RunId): DelegatedAnswer | undefined {
  const run = projection.run(id);
  switch (run?.status) {
    case 'complete':
    case 'cancelled':
    case 'error':
    case 'lost':
      return describe(projection, id, run.status, run.reason);
    case 'queued':
    case 'active':
    case 'suspended':
    case 'cancelling':
    case undefined:
      return undefined;
  }
}

/** What there is of a sub-run that is given up. */
export function lostAnswer(projection: Projection, id: RunId, reason: string): DelegatedAnswer {
  return describe(projection, id, 'lost', reason);
}

function describe(
  projection: Projection,
  run: RunId,
  status: DelegatedAnswer['status'],
  reason: string | undefined,
): DelegatedAnswer {
  const { parts = [] } = projection.message(answerIdOf(run)) ?? {};
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  return compact<DelegatedAnswer>({
    run,
    status,
    reason,
    agent: projection.run(run)?.agent,
    parts,
    text,
  });
}
