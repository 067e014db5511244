import { isObject } from './control.ts';

/** Where a string lies inside a JSON value: keys and indices from the outside in. */
export type Path = readonly (string | number)[];

/** A string at `at` that grew by `text` at its end. */
export interface Growth {
  readonly at: Path;
  readonly text: string;
}

/**
 * By which strings `after` grew out of `before`: none where the two are equal, undefined where anything else changed.
 * Both are JSON values.
 */
export function findGrowth(before: unknown, after: unknown): readonly Growth[] | undefined {
  const found: Growth[] = [];
  return isGrown(before, after, [], found) ? found : undefined;
}

function isGrown(before: unknown, after: unknown, at: Path, found: Growth[]): boolean {
  if (before === after) return true;
  if (typeof before === 'string' && typeof after === 'string') {
    if (!after.startsWith(before)) return false;
    found.push({ at, text: after.slice(before.length) });
    return true;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return (
      before.length === after.length &&
      before.every((item, index) => isGrown(item, after[index], [...at, index], found))
    );
  }
  if (!isObject(before) || !isObject(after)) return false;
  const keys = Object.keys(before);
  return (
    keys.length === Object.keys(after).length &&
    keys.every((key) => Object.hasOwn(after, key) && isGrown(before[key], after[key], [...at, key], found))
  );
}

/**
 * `value` with `text` added to the string at `at`: a copy along the path, all else shared. The value itself where there
 * is no string at that place.
 */
export function applyGrowth<Value>(value: Value, at: Path, text: string): Value {
  return grow(value, at, 0, text) as Value;
}

function grow(value: unknown, at: Path, depth: number, text: string): unknown {
  const key = at[depth];
  if (key === undefined) return typeof value === 'string' ? value + text : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value;
  const before: unknown = Reflect.get(value, key);
  const after = grow(before, at, depth + 1, text);
  if (after === before) return value;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === String(key) ? after : item));
  // A computed key defines its property, `__proto__` included.
  return { ...value, [key]: after };
}

/** A path as it came in a control; undefined where it is none. */
export function toPath(value: unknown): Path | undefined {
  const isPath = (at: unknown): at is Path =>
    Array.isArray(at) && at.every((key) => typeof key === 'string' || typeof key === 'number');
  return isPath(value) ? value : undefined;
}
