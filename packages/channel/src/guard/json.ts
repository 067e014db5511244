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
  if (typeof value !== 'object' || (depth >= 0 && !isPlain(value))) invalid(path, 'must be a JSON value');
  if (depth >= MAX_DEPTH) invalid(path, `is nested more than ${MAX_DEPTH} levels deep, or refers to itself`);
  // Spread, a list has no holes: JSON would fill them.
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, each] of entries)
    checkJson(each, typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`, depth + 1);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}
