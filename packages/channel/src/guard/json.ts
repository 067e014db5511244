import { invalid } from './arguments.ts';

const MAX_DEPTH = 100;

/** Refuses what JSON would drop or change: undefined, functions, NaN, dates, cycles. */
export function checkJson(value: unknown, path: string, depth = 0): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) invalid(path, 'must be a finite number');
      return;
    case 'object': {
      if (value === null) return;
      if (depth >= MAX_DEPTH)
        invalid(path, `is nested more than ${MAX_DEPTH} levels deep, or refers to itself`);
      if (Array.isArray(value)) {
        // Not forEach, which passes over holes.
        for (let index = 0; index < value.length; index += 1)
          checkJson(value[index], `${path}[${index}]`, depth + 1);
        return;
      }
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
        invalid(path, 'must be a plain object');
      for (const [key, field] of Object.entries(value)) checkJson(field, `${path}.${key}`, depth + 1);
      return;
    }
    default:
      invalid(path, `must be a JSON value, not ${typeof value}`);
  }
}
