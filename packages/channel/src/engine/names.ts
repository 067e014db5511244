import type { Serial } from '../ids.ts';
import type { Operation } from '../operation.ts';
import type { Names } from './tiers.ts';

/** The messages that operations are about, or would repeat. */
export function namesOf(operations: readonly Operation[]): Names {
  const serials = new Set<Serial>();
  const ids = new Set<string>();
  for (const operation of operations) {
    if (operation.action !== 'create') serials.add(operation.serial);
    else {
      ids.add(operation.draft.id);
      if (operation.seals !== undefined) serials.add(operation.seals);
    }
  }
  return { serials: [...serials], ids: [...ids] };
}
