import { anyText, anything, list, oneOf, optional, shape, text, variant } from './guard.ts';
import type { Guards } from './guard.ts';

/** What must be there for a part to be shown at all; parts of other types are kept as they are. */
const PARTS: Readonly<Record<string, Guards>> = {
  text: { text: anyText },
  reasoning: { text: anyText },
  tool: { callId: text, name: text, state: text },
  source: { id: text, url: anyText },
  document: { id: text, mime: anyText },
  file: { url: anyText, mime: anyText },
  data: { name: text, data: anything },
  custom: { kind: text },
  error: { text: anyText },
  raw: { chunk: anything },
};

/** A ContentMessage that can be stored and shown. */
export const contentMessage = shape({
  id: text,
  role: oneOf('user', 'assistant', 'system'),
  parts: list(variant(PARTS, text)),
  metadata: optional(anything),
});
