import type { Draft } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';

const HOUR_MS = 60 * 60_000;

/** How long a record waits, in milliseconds, and whether it outlives the page. */
export interface Lifetime {
  readonly ms: number;
  readonly isKept: boolean;
}

/**
 * What people write, ask, stop and what their devices found out still holds the next day. An approval is of its moment. A value of the
 * shared state, or a word about who answers, would undo what others have said since: these go with the page.
 */
export function lifetimeOf({ name, data }: Draft, expiryMs: number): Lifetime {
  const brief = Math.min(expiryMs, HOUR_MS);
  switch (name) {
    case 'state':
    case 'floor':
      return { ms: brief, isKept: false };
    case 'answer': {
      const answer = isObject(data) ? data['answer'] : undefined;
      const isApproval = answer !== undefined && isObject(answer) && answer['type'] === 'approval';
      return { ms: isApproval ? brief : expiryMs, isKept: true };
    }
    default:
      return { ms: expiryMs, isKept: true };
  }
}
