import type { JsonValue } from '@holdfast/channel';
import type { StateEntry } from './entry.ts';

export interface SharedState {
  readonly value: Readonly<Record<string, JsonValue>>;
  /** The newest checkpoint, and what came after it: last writer by serial wins, per key. By serial. */
  readonly checkpoint: StateEntry | undefined;
  readonly later: readonly StateEntry[];
}

/** Folds the state records by serial. A checkpoint writes every key there is. */
export function foldState(entries: readonly StateEntry[]): SharedState {
  let checkpoint: StateEntry | undefined;
  const later = new Map<string, StateEntry>();
  for (const entry of entries) {
    const { key, all } = entry.record;
    // Deleted first: keys stand in the order of their newest writing.
    later.delete(key);
    if (all) {
      checkpoint = entry;
      later.clear();
    } else later.set(key, entry);
  }
  const pairs = new Map(Object.entries(checkpoint?.record.all ?? {}));
  for (const [key, { record }] of later) {
    if (record.value === undefined) pairs.delete(key);
    else pairs.set(key, record.value);
  }
  // fromEntries defines: a key called `__proto__` is a key like any other.
  return { value: Object.fromEntries(pairs), checkpoint, later: [...later.values()] };
}
