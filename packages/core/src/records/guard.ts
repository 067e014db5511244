import type { JsonValue } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';

type Value = JsonValue | undefined;

/** Says what is wrong with a field's value, or undefined when nothing is. */
export type Guard = (value: Value) => string | undefined;

export type Guards = Readonly<Record<string, Guard>>;

const must =
  (be: string, isRight: (value: Value) => boolean): Guard =>
  (value) =>
    isRight(value) ? undefined : `must be ${be}`;

export const anyText = must('a string', (value) => typeof value === 'string');

export const text = must('a non-empty string', (value) => typeof value === 'string' && value !== '');

export const flag = must('true or false', (value) => typeof value === 'boolean');

export const object = must('an object', isObject);

export const anything: Guard = (value) => (value === undefined ? 'is missing' : undefined);

export const wholeFrom = (least: number): Guard =>
  must(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);

export const oneOf = (...values: readonly string[]): Guard =>
  must(`one of ${values.join(', ')}`, (value) => values.some((each) => each === value));

const unless =
  (allowed: Value) =>
  (guard: Guard): Guard =>
  (value) =>
    value === allowed ? undefined : guard(value);

export const optional = unless(undefined);

export const nullable = unless(null);

/** What is wrong with the first bad field, which is named by its path. Other fields are let be. */
export function findWrong(guards: Guards, source: Readonly<Record<string, Value>>): string | undefined {
  for (const [name, guard] of Object.entries(guards)) {
    const wrong = guard(source[name]);
    if (wrong !== undefined) return joinPath(name, wrong);
  }
  return undefined;
}

/** An object with these fields. */
export const shape =
  (guards: Guards): Guard =>
  (value) =>
    isObject(value) ? findWrong(guards, value) : object(value);

/** An object with the fields that its `type` asks for; of other types, `type` alone where that may be any. */
export const variant =
  (types: Readonly<Record<string, Guards>>, type = oneOf(...Object.keys(types))): Guard =>
  (value) => {
    const wrong = shape({ type })(value);
    if (wrong !== undefined || !isObject(value)) return wrong;
    const name = String(value['type']);
    return findWrong((Object.hasOwn(types, name) && types[name]) || {}, value);
  };

export const list =
  (guard: Guard): Guard =>
  (value) => {
    if (!Array.isArray(value)) return 'must be an array';
    for (const [index, item] of (value as readonly JsonValue[]).entries()) {
      const wrong = guard(item);
      if (wrong !== undefined) return joinPath(`[${index}]`, wrong);
    }
    return undefined;
  };

/** `field` in front of a complaint that may begin with a path of its own. */
function joinPath(field: string, wrong: string): string {
  if (/^(must|is) /.test(wrong)) return `${field} ${wrong}`;
  return wrong.startsWith('[') ? field + wrong : `${field}.${wrong}`;
}
