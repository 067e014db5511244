import { anyText, anything, isJsonObject, list, oneOf, optional, shape, text } from './guard.ts';
import type { Guard } from './guard.ts';

/** What must be there for a part to be shown at all; parts of other types are kept as they are. */
const PARTS = new Map<unknown, Guard>([
  ['text', shape({ text: anyText })],
  ['reasoning', shape({ text: anyText })],
  ['tool', shape({ callId: text, name: text, state: text })],
  ['source', shape({ id: text, url: anyText })],
  ['document', shape({ id: text, mime: anyText })],
  ['file', shape({ url: anyText, mime: anyText })],
  ['data', shape({ name: text, data: anything })],
  ['custom', shape({ kind: text })],
  ['error', shape({ text: anyText })],
  ['raw', shape({ chunk: anything })],
]);

const typed = shape({ type: text });

const part: Guard = (value) =>
  typed(value) ?? (isJsonObject(value) ? PARTS.get(value['type'])?.(value) : undefined);

/** A ContentMessage that can be stored and shown. */
export const contentMessage: Guard = shape({
  id: text,
  role: oneOf('user', 'assistant', 'system'),
  parts: list(part),
  metadata: optional(anything),
});
