import { isObject } from './control.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Text, or undefined for anything else. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A number, or undefined for anything else. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** An object without the fields that are undefined. */
export function compact<Fields extends object>(fields: {
  readonly [Key in keyof Fields]: Fields[Key] | undefined;
}): Fields {
  const compacted: Partial<Fields> = {};
  for (const key in fields) if (fields[key] !== undefined) compacted[key] = fields[key];
  return compacted as Fields;
}

/** `x` fields with more of them: within each framework the later field wins whole. */
export function mergeX(x: JsonObject | undefined, more: JsonValue | undefined): JsonObject | undefined {
  if (!isObject(more)) return x;
  const merged: Record<string, JsonValue> = { ...x };
  for (const [framework, fields] of Object.entries(more)) {
    const before = Object.hasOwn(merged, framework) ? merged[framework] : undefined;
    const both = isObject(before) && isObject(fields) ? { ...before, ...fields } : fields;
    Object.defineProperty(merged, framework, {
      value: both,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return merged;
}
