import type { JsonValue } from '@holdfast/channel';

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

export const object = must('an object', isJsonObject);

export const anything: Guard = (value) => (value === undefined ? 'is missing' : undefined);

export const wholeFrom = (least: number): Guard =>
  must(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);

export const oneOf = (...values: readonly string[]): Guard =>
  must(`one of ${values.join(', ')}`, (value) => values.some((each) => each === value));

export const optional =
  (guard: Guard): Guard =>
  (value) =>
    value === undefined ? undefined : guard(value);

export const nullable =
  (guard: Guard): Guard =>
  (value) =>
    value === null ? undefined : guard(value);

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
    isJsonObject(value) ? findWrong(guards, value) : object(value);

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

export function isJsonObject(value: Value): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
