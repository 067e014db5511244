import { keep } from '../projection/equal.ts';
import type { SessionProjection } from '../projection/types.ts';
import type { Refusal } from '../snapshot.ts';

/** A client's own records that don't count: refused by the channel, or by the session's rules. */
export interface Refusals {
  readonly current: readonly Refusal[];
  /** The channel refused it. */
  add(refusal: Refusal): void;
}

export function createRefusals(projection: SessionProjection, clientId: () => string | undefined): Refusals {
  const refused: Refusal[] = [];
  let current: readonly Refusal[] = [];
  return {
    get current() {
      const { refusals } = projection;
      const me = clientId();
      const own = refusals.filter((each) => me !== undefined && each.clientId === me);
      const next = [
        ...refused,
        ...own.map(({ record, kind, code, message }) => ({ record, kind, code, message })),
      ];
      return (current = keep(current, next));
    },
    add: (refusal) => void refused.push(refusal),
  };
}
