import type {
  AnnotationSummaryValue,
  AnnotationType,
  ChannelErrorCode,
  Cursor,
  JsonValue,
  Position,
  Serial,
  Version,
} from '@holdfast/channel';
import { CHANNEL_ERROR_CODES } from '@holdfast/channel';

const TEXT = 'must be a non-empty string';
const STRING = 'must be a string';

/** What a field without inner structure may be: a check, and what is wrong where it fails. Brands are given here only. */
export const SCALARS = {
  text: [isText<string>, TEXT],
  string: [isString<string>, STRING],
  count: [isCount, 'must be a whole number from 0'],
  number: [isNumber, 'must be a number'],
  flag: [isFlag, 'must be true or false'],
  true: [isTrue, 'must be true'],
  none: [isNone, 'has no meaning here'],
  json: [isJson, 'is missing, or nested more than 100 levels deep'],
  serial: [isText<Serial>, TEXT],
  version: [isText<Version>, TEXT],
  position: [isString<Position>, STRING],
  cursor: [isText<Cursor>, TEXT],
  code: [isCode, 'must be an error code of a channel'],
  annotationType: [isAnnotationType, 'must be namespace:method.v1'],
  summary: [isSummary, 'must be an object'],
} as const;

export type ScalarName = keyof typeof SCALARS;
export type Scalar<Name extends ScalarName> = (typeof SCALARS)[Name][0] extends (
  value: unknown,
) => value is infer Type
  ? Type
  : never;

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString<Brand extends string>(value: unknown): value is Brand {
  return typeof value === 'string';
}
function isText<Brand extends string>(value: unknown): value is Brand {
  return isString(value) && value !== '';
}
function isCode(value: unknown): value is ChannelErrorCode {
  return CHANNEL_ERROR_CODES.some((code) => code === value);
}
function isAnnotationType(value: unknown): value is AnnotationType {
  return isString(value) && /^[^:\s]+:(total|flag|distinct|unique|multiple)\.v1$/.test(value);
}
function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
function isTrue(value: unknown): value is true {
  return value === true;
}
function isNone(value: unknown): value is never {
  return value === undefined;
}
const MAX_DEPTH = 100;

/** Whatever came out of `JSON.parse` is a JSON value; one that is too deep could not be written again. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined && isShallow(value, MAX_DEPTH);
}
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}
function isSummary(value: unknown): value is AnnotationSummaryValue {
  return isFields(value);
}
