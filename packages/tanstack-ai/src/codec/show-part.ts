import type { FilePart, JsonObject, Part, ReasoningPart, TextPart } from '@holdfast/codec';
import { parsePartialJSON } from '@tanstack/ai/client';
import { own } from './show-call.ts';

/** A part other than a call as a chat shows it; undefined for what chats of this framework don't show. */
export function showPart(part: Part): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return part.as === 'json' ? showStructured(part) : { ...own(part), type: 'text', content: part.text };
    case 'reasoning':
      return showThinking(part);
    case 'file':
      return showFile(part);
    default:
      return undefined;
  }
}

function showThinking(part: ReasoningPart): JsonObject {
  const { signature } = own(part);
  return {
    type: 'thinking',
    content: part.text,
    stepId: part.id ?? `step-${part.n}`,
    ...(signature !== undefined && { signature }),
  };
}

/** Structured output: text that is JSON, with what its end says in `x`. */
function showStructured(part: TextPart): JsonObject {
  const { status, raw, data, reasoning, errorMessage } = own(part);
  const partial =
    status === 'complete' ? data : (parsePartialJSON(part.text) as JsonObject | null | undefined);
  return {
    type: 'structured-output',
    status: status ?? (part.state === 'streaming' ? 'streaming' : 'error'),
    raw: raw ?? part.text,
    ...(partial !== undefined && partial !== null && { partial }),
    ...(data !== undefined && { data }),
    ...(reasoning !== undefined && { reasoning }),
    ...(errorMessage !== undefined && { errorMessage }),
  };
}

const KINDS: ReadonlySet<string> = new Set(['image', 'audio', 'video']);
const DATA = /^data:([^;,]*);base64,/u;

function showFile(part: FilePart): JsonObject {
  const { url, mime } = part;
  const [kind = ''] = mime.split('/');
  const data = DATA.exec(url);
  const source =
    data === null
      ? { type: 'url', value: url, ...(mime !== '' && { mimeType: mime }) }
      : { type: 'data', value: url.slice(data[0].length), mimeType: mime };
  return { type: KINDS.has(kind) ? kind : 'document', source, ...own(part) };
}
