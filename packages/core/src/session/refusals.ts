import { keep } from '../projection/equal.ts';
import type { SessionProjection } from '../projection/types.ts';
import type { Refusal } from '../snapshot.ts';

/** A client's own records that don't count: those that were never stored, and those that the session's rules refuse. */
export function createRefusals(
  projection: SessionProjection,
  clientId: () => string | undefined,
  unstored: () => readonly Refusal[],
): () => readonly Refusal[] {
  let current: readonly Refusal[] = [];
  return () => {
    const me = clientId();
    const own = projection.refusals.filter((each) => me !== undefined && each.clientId === me);
    return (current = keep(current, [
      ...unstored(),
      ...own.map(({ record, kind, code, message }) => ({ record, kind, code, message })),
    ]));
  };
}
