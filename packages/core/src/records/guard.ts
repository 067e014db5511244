import type { JsonValue } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';

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

export const anything = must('there', (value) => value !== undefined);

export const wholeFrom = (least: number): Guard =>
  must(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);

export const oneOf = (...values: readonly string[]): Guard =>
  must(`one of ${values.join(', ')}`, (value) => values.some((each) => each === value));

export const optional =
  (guard: Guard): Guard =>
  (value, path) =>
    value === undefined ? undefined : guard(value, path);

const isWrong = (wrong: string | undefined): boolean => wrong !== undefined;

/** An object with these fields. */
export const shape =
  (guards: Guards): Guard =>
  (value, path) =>
    isObject(value)
      ? Object.entries(guards)
          .map(([name, guard]) => guard(value[name], `${path}.${name}`))
          .find(isWrong)
      : object(value, path);

/** An object with the fields that its `type` asks for; of other types, `type` alone where that may be any. */
export const variant =
  (types: Readonly<Record<string, Guards>>, type = oneOf(...Object.keys(types))): Guard =>
  (value, path) => {
    const name = isObject(value) ? value['type'] : undefined;
    const fields = typeof name === 'string' && Object.hasOwn(types, name) && types[name];
    return shape({ type, ...fields })(value, path);
  };

/** An array of such items. */
export const list =
  (guard: Guard): Guard =>
  (value, path) =>
    Array.isArray(value)
      ? value.map((item, index) => guard(item, `${path}[${index}]`)).find(isWrong)
      : array(value, path);
