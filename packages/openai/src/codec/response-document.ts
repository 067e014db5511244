import { isObject, type JsonObject, type JsonValue } from '@holdfast/codec';

/** A response as its events have made it so far. */
export interface ResponseDocument extends JsonObject {
  /** Without `output_text`, which the SDK makes of the output. */
  readonly response: JsonObject;
  /** Indices of the items that are done. */
  readonly done: readonly number[];
}

export function toDocument(value: JsonValue | undefined): ResponseDocument | undefined {
  if (!isObject(value) || !isObject(value['response'])) return undefined;
  const { response, done } = value;
  const indices = Array.isArray(done)
    ? (done as readonly JsonValue[]).filter((n) => typeof n === 'number')
    : [];
  return { response, done: indices };
}

export function itemsOf({ response }: ResponseDocument): readonly JsonObject[] {
  return objectsOf(response['output']);
}

export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isObject) : [];
}

/** A text, or none. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

const OVER: ReadonlySet<JsonValue | undefined> = new Set(['completed', 'failed', 'incomplete', 'cancelled']);

/** Whether the provider has said its last word. */
export function isOver({ response }: ResponseDocument): boolean {
  return OVER.has(response['status']);
}
