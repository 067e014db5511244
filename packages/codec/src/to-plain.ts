import type { JsonValue } from './json.ts';

/**
 * A value as JSON keeps it, and a copy: who hands out one object again and again, changed, is seen to change it. What JSON
 * can't say becomes text or null; never throws.
 */
export function toPlain(value: unknown): JsonValue {
  try {
    return parse(JSON.stringify(value));
  } catch {
    try {
      return parse(JSON.stringify(value, withoutCycles()));
    } catch {
      return null;
    }
  }
}

function parse(json: string | undefined): JsonValue {
  return json === undefined ? null : (JSON.parse(json) as JsonValue);
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
