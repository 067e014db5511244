import type { JsonValue } from '@holdfast/channel';
import type { StateEntry } from './entry.ts';

/**
 * Folds the state records by serial: per key the last writer wins. A checkpoint states the whole of it as it was at one place
 * of the log: what was written between that place and the checkpoint still counts.
 */
export function foldState(entries: readonly StateEntry[]): Readonly<Record<string, JsonValue>> {
  let pairs = new Map<string, JsonValue>();
  for (const { record } of [...entries].sort(byPlace)) {
    const { key, value, all } = record;
    if (all) pairs = new Map(Object.entries(all));
    else if (value === undefined) pairs.delete(key);
    else pairs.set(key, value);
  }
  // fromEntries defines: a key called `__proto__` is a key like any other.
  return Object.fromEntries(pairs);
}

/** Up to where a record of the state speaks: no checkpoint knows what comes after it (P2). */
export function placeOf({ serial, record: { all, upTo } }: StateEntry): StateEntry['serial'] {
  return all && upTo && upTo < serial ? upTo : serial;
}

/** What has the same place stays by serial. */
function byPlace(a: StateEntry, b: StateEntry): number {
  return +(placeOf(a) > placeOf(b)) - +(placeOf(a) < placeOf(b));
}
