import { isObject, type JsonValue } from '@holdfast/codec';

/** An event as the codec handles it: any type, any fields. */
export type AnyEvent = { readonly type: string; readonly [field: string]: unknown };

/** An event as JSON keeps it. */
export type PlainEvent = { readonly type: string } & { readonly [field: string]: JsonValue };

export function isPlainEvent(value: JsonValue): value is PlainEvent {
  return isObject(value) && typeof value['type'] === 'string';
}
