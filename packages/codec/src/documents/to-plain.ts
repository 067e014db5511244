import type { JsonValue } from '../json.ts';

/** A value as JSON keeps it, and a copy. What JSON can't say becomes text or null; never throws. */
export function toPlain(value: unknown): JsonValue {
  for (const replacer of [undefined, withoutCycles()]) {
    try {
      const json: string | undefined = JSON.stringify(value, replacer);
      return json === undefined ? null : (JSON.parse(json) as JsonValue);
    } catch {
      // The next attempt leaves out what this one failed on.
    }
  }
  return null;
}

function withoutCycles(): (key: string, item: unknown) => unknown {
  const seen = new WeakSet();
  return (_key, item) => {
    if (typeof item === 'bigint') return String(item);
    if (typeof item !== 'object' || item === null) return item;
    if (seen.has(item)) return null;
    seen.add(item);
    return item;
  };
}
