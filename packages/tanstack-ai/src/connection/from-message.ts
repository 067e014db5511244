import {
  type ContentMessage,
  type FilePart,
  type JsonObject,
  type JsonValue,
  type Part,
  toPlain,
} from '@holdfast/codec';
import type { MessagePart, UIMessage } from '@tanstack/ai/client';
import { FRAMEWORK, MARKS } from '../codec/marks.ts';
import { showPart } from '../codec/show-part.ts';
import { isSame } from '../codec/is-same.ts';

/** What a person writes, in neutral form. */
export function fromMessage({ parts, metadata }: UIMessage): Pick<ContentMessage, 'parts' | 'metadata'> {
  return {
    parts: parts.map(fromPart),
    ...(metadata !== undefined && { metadata: toPlain(metadata) }),
  };
}

function fromPart(part: MessagePart): Part {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.content, ...withX({ metadata: plainOf(part.metadata) }) };
    case 'image':
    case 'audio':
    case 'video':
    case 'document': {
      const { type, value, mimeType = '' } = part.source;
      const url = type === 'data' ? `data:${mimeType};base64,${value}` : value;
      const file: FilePart = { type: 'file', url, mime: mimeType };
      const shown = showPart(file);
      const kind = isSame(shown?.['type'], part.type) ? undefined : part.type;
      return { ...file, ...withX({ type: kind, metadata: plainOf(part.metadata) }) };
    }
    default:
      return { type: 'raw', of: MARKS.part, chunk: { part: toPlain(part) } };
  }
}

function plainOf(value: unknown): JsonValue | undefined {
  return value === undefined ? undefined : toPlain(value);
}

function withX(fields: Readonly<Record<string, JsonValue | undefined>>): { x?: JsonObject } {
  const said = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  return said.length === 0 ? {} : { x: { [FRAMEWORK]: Object.fromEntries(said) as JsonObject } };
}
