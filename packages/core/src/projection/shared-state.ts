import type { JsonValue } from '@holdfast/channel';
import type { StateEntry } from './entry.ts';

/** Folds the state records by serial: per key the last writer wins. A checkpoint writes every key there is. */
export function foldState(entries: readonly StateEntry[]): Readonly<Record<string, JsonValue>> {
  let pairs = new Map<string, JsonValue>();
  for (const { key, value, all } of entries.map(({ record }) => record)) {
    if (all) pairs = new Map(Object.entries(all));
    else if (value === undefined) pairs.delete(key);
    else pairs.set(key, value);
  }
  // fromEntries defines: a key called `__proto__` is a key like any other.
  return Object.fromEntries(pairs);
}
