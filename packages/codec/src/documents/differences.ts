import { isObject } from '../control.ts';
import type { Path } from '../growth.ts';
import type { JsonValue } from '../json.ts';

/** What makes one JSON value another: values to put at places, and keys to drop. */
export interface Differences {
  readonly set: (readonly [Path, JsonValue])[];
  readonly drop: Path[];
}

/** The fewest places that have to be written for `before` to become `after`. */
export function differences(before: JsonValue | undefined, after: JsonValue): Differences {
  const found: Differences = { set: [], drop: [] };
  compare(before, after, [], found);
  return found;
}

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: Path,
  found: Differences,
): void {
  if (before === after) return;
  if (after === undefined) found.drop.push(path);
  else if (Array.isArray(before) && Array.isArray(after) && before.length <= after.length) {
    const items: readonly JsonValue[] = before;
    for (const [index, item] of (after as readonly JsonValue[]).entries())
      compare(items[index], item, [...path, index], found);
  } else if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const of = (value: typeof before): JsonValue | undefined =>
        Object.hasOwn(value, key) ? value[key] : undefined;
      compare(of(before), of(after), [...path, key], found);
    }
  } else found.set.push([path, after]);
}
