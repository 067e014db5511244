import { isFields, SCALARS } from './scalars.ts';
import type { Field, Fields, Shape, Tuple } from './shape.ts';

/** A value is not what the protocol says. Never leaves the parser. */
export class BadField extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * A copy of `value` that has this shape and nothing else: fields that the shape doesn't know are left out.
 *
 * @throws BadField
 */
export function read(shape: Shape, value: unknown, path: string): unknown {
  if (typeof shape === 'string') {
    const [check, message] = SCALARS[shape];
    if (!check(value)) throw new BadField(path, message);
    return value;
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw new BadField(path, 'must be a list');
    return value.map((each: unknown, index) => read(shape.list, each, `${path}[${index}]`));
  }
  if ('tuple' in shape) {
    if (!Array.isArray(value)) throw new BadField(path, 'must be a list');
    return readTuple(shape.tuple, value, path);
  }
  if ('oneOf' in shape) {
    if (!shape.oneOf.some((name) => name === value))
      throw new BadField(path, `must be one of ${shape.oneOf.join(', ')}`);
    return value;
  }
  if (!isFields(value)) throw new BadField(path, 'must be an object');
  if ('values' in shape)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, read(shape.values, each, `${path}.${key}`)]),
    );
  if ('fields' in shape) return readFields(shape.fields, value, path);
  const tag = value[shape.by];
  const fields = typeof tag === 'string' && Object.hasOwn(shape.cases, tag) ? shape.cases[tag] : undefined;
  if (fields === undefined)
    throw new BadField(`${path}.${shape.by}`, `must be one of ${Object.keys(shape.cases).join(', ')}`);
  return { [shape.by]: tag, ...readFields(fields, value, path) };
}

/** @throws BadField */
export function readTuple(tuple: Tuple, values: readonly unknown[], path: string): unknown[] {
  const result: unknown[] = [];
  for (const [index, field] of tuple.entries()) {
    const value = readField(field, values[index], `${path}[${index}]`);
    if (value === undefined) break;
    result.push(value);
  }
  return result;
}

function readFields(fields: Fields, value: Readonly<Record<string, unknown>>, path: string): object {
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const read = readField(field, Object.hasOwn(value, name) ? value[name] : undefined, `${path}.${name}`);
    if (read !== undefined) result[name] = read;
  }
  return result;
}

function readField(field: Field, value: unknown, path: string): unknown {
  if (typeof field === 'string' || !('optional' in field)) return read(field, value, path);
  return value === undefined ? undefined : read(field.optional, value, path);
}
