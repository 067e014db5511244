import type { ContentMessage, JsonObject, Part } from '@holdfast/codec';
import type { UIMessage } from 'ai';
import { FRAMEWORK, toFields, type Names } from './fields.ts';
import { PARTS, REASONING_FILE, UNKNOWN_PART, WHOLE } from './ui-part.ts';

/** A UI message in neutral form. By itself it takes what people write: a tool call of theirs travels as it is. */
export function fromMessage(
  { id, role, parts, metadata }: UIMessage,
  from: (part: JsonObject) => JsonObject = fromPart,
): ContentMessage {
  return {
    id,
    role,
    parts: parts.map((part) => from(part as unknown as JsonObject) as unknown as Part),
    ...(metadata === undefined ? {} : { metadata: metadata as JsonObject }),
  };
}

/** Any part but a tool call. */
export function fromPart(part: JsonObject): JsonObject {
  const { type } = part;
  if (typeof type !== 'string') return unknownPart(part);
  if (type === 'text' || type === 'reasoning') return neutral(type, part, PARTS[type]);
  if (type === 'step-start') return neutral('step', part, {});
  if (type.startsWith('data-'))
    return { ...neutral('data', part, PARTS.data), name: type.slice('data-'.length) };
  const row = WHOLE.find((each) => each.type === type);
  if (row === undefined) return unknownPart(part);
  const whole = neutral(row.kind, part, row.names);
  return type === REASONING_FILE ? { ...whole, reasoning: true } : whole;
}

export function unknownPart(part: JsonObject): JsonObject {
  return { type: 'raw', of: UNKNOWN_PART, chunk: part };
}

export function neutral(
  type: string,
  part: JsonObject,
  names: Names,
  more: readonly string[] = [],
): JsonObject {
  return { type, ...toFields(part, names, FRAMEWORK, ['type', ...more]) };
}
