import type { JsonValue } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import type { JsonObject } from '@holdfast/codec';

type Value = JsonValue | undefined;

/** Says what is wrong with the value at a path, or undefined when nothing is. */
export type Guard = (value: Value, path: string) => string | undefined;

export type Guards = Readonly<Record<string, Guard>>;

const must =
  (be: string, isRight: (value: Value) => boolean): Guard =>
  (value, path) =>
    isRight(value) ? undefined : `${path} must be ${be}`;

export const anyText = must('a string', (value) => typeof value === 'string');

export const text = must('a non-empty string', (value) => typeof value === 'string' && value !== '');

export const flag = must('true or false', (value) => typeof value === 'boolean');

export const object = must('an object', isObject);

const array = must('an array', Array.isArray);

export const anything: Guard = (value, path) => (value === undefined ? `${path} is missing` : undefined);

export const wholeFrom = (least: number): Guard =>
  must(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);

export const oneOf = (...values: readonly string[]): Guard =>
  must(`one of ${values.join(', ')}`, (value) => values.some((each) => each === value));

const unless =
  (allowed: Value) =>
  (guard: Guard): Guard =>
  (value, path) =>
    value === allowed ? undefined : guard(value, path);

export const optional = unless(undefined);

export const nullable = unless(null);

/** What is wrong with the first bad field. Other fields are let be. */
function findWrong(guards: Guards, source: JsonObject, path: string): string | undefined {
  for (const [name, guard] of Object.entries(guards)) {
    const wrong = guard(source[name], path + name);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** An object with these fields. */
export const shape =
  (guards: Guards): Guard =>
  (value, path) =>
    isObject(value) ? findWrong(guards, value, `${path}.`) : object(value, path);

/** An object with the fields that its `type` asks for; of other types, `type` alone where that may be any. */
export const variant =
  (types: Readonly<Record<string, Guards>>, type = oneOf(...Object.keys(types))): Guard =>
  (value, path) => {
    const name = isObject(value) ? String(value['type']) : '';
    return shape({ type, ...(Object.hasOwn(types, name) && types[name]) })(value, path);
  };

/** An array of such items. */
export const list =
  (guard: Guard): Guard =>
  (value, path) => {
    if (!Array.isArray(value)) return array(value, path);
    for (const [index, item] of (value as readonly JsonValue[]).entries()) {
      const wrong = guard(item, `${path}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
