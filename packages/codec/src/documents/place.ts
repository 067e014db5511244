import { isObject } from '../control.ts';
import type { Path } from '../growth.ts';
import type { JsonValue } from '../json.ts';

/** What lies at a place of a JSON value; undefined where there is no such place. */
export function at(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key) as JsonValue;
  }
  return found;
}

/**
 * The value with another one at a place: a copy along the path, all else shared. The value itself where there is no such
 * place; an array may get one more item, and what lies between is null.
 */
export function put(value: JsonValue, path: Path, other: JsonValue): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return other;
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    if (!isIndex(key) || key > items.length + SPARSE || (rest.length > 0 && !(key in items))) return value;
    const copy = [...items];
    while (copy.length < key) copy.push(null);
    copy[key] = rest.length === 0 ? other : put(items[key] ?? null, rest, other);
    return copy;
  }
  if (!isObject(value) || (rest.length > 0 && !Object.hasOwn(value, key))) return value;
  // A computed key defines its property, `__proto__` included.
  return { ...value, [key]: rest.length === 0 ? other : put(value[key] ?? null, rest, other) };
}

/** The value without a key of one of its objects. */
export function drop(value: JsonValue, path: Path): JsonValue {
  const last = path.at(-1);
  const owner = at(value, path.slice(0, -1));
  if (last === undefined || !isObject(owner) || !Object.hasOwn(owner, last)) return value;
  const kept = Object.entries(owner).filter(([key]) => key !== String(last));
  return put(value, path.slice(0, -1), Object.fromEntries(kept));
}

/** How far past its end an array may be written: a stray index is no reason for a million nulls. */
const SPARSE = 1000;

function isIndex(key: string | number): key is number {
  return typeof key === 'number' && Number.isSafeInteger(key) && key >= 0;
}
