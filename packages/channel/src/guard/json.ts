import { invalid } from './arguments.ts';

const MAX_DEPTH = 100;

/**
 * Refuses what JSON would drop or change: undefined, functions, NaN, dates, cycles. Depth 0 is where a value begins that is
 * the caller's own; around it are objects of the contract, of whose fields some may be undefined.
 */
export function checkJson(value: unknown, path: string, depth = 0): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return;
  if (value === undefined && depth <= 0) return;
  if (typeof value !== 'object' || depth >= MAX_DEPTH || (depth >= 0 && !isPlain(value)))
    invalid(path, `must be a JSON value, at most ${MAX_DEPTH} levels deep`);
  const isList = Array.isArray(value);
  // Spread, a list has no holes: JSON would fill them.
  const fields: readonly [string, unknown][] = Object.entries(isList ? [...value] : value);
  for (const [key, each] of fields) checkJson(each, isList ? `${path}[${key}]` : `${path}.${key}`, depth + 1);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value) ?? Object.prototype;
  return Array.isArray(value) || Object.getPrototypeOf(prototype) === null;
}
