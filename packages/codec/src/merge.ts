import { isObject } from './control.ts';
import type { JsonValue } from './json.ts';

const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Metadata with more of it: objects merge key by key at every depth, all else is replaced, null and undefined add
 * nothing at the top. Keys that name a prototype are passed over.
 */
export function mergeMetadata(
  base: JsonValue | undefined,
  more: JsonValue | undefined,
): JsonValue | undefined {
  if (more === undefined || more === null) return base;
  if (!isObject(base) || !isObject(more)) return more;
  const merged: Record<string, JsonValue> = { ...base };
  for (const [key, value] of Object.entries(more)) {
    if (UNSAFE.has(key)) continue;
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    merged[key] = isObject(before) && isObject(value) ? (mergeMetadata(before, value) ?? value) : value;
  }
  return merged;
}
