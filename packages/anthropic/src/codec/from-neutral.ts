import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages/messages';
import { isObject, type FilePart, type JsonValue, type Part, type ToolPart } from '@holdfast/codec';
import { resultsOf } from './call-results.ts';
import type { Said } from './said.ts';

/** What a person, or the application, says, as far as it can be said to a model. */
export function toContent(parts: readonly Part[]): readonly ContentBlockParam[] {
  return parts.flatMap((part) => {
    if (!isObject(part)) return [];
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    return part.type === 'file' ? toFile(part) : [];
  });
}

const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

function toFile({ url, mime, filename }: FilePart): readonly ContentBlockParam[] {
  const [, data] = /^data:[^,]*;base64,(.*)$/su.exec(url) ?? [];
  const image = IMAGES.find((type) => type === mime);
  if (mime.startsWith('image/')) {
    if (data === undefined) return [{ type: 'image', source: { type: 'url', url } }];
    return image === undefined
      ? []
      : [{ type: 'image', source: { type: 'base64', media_type: image, data } }];
  }
  if (mime !== 'application/pdf') return [];
  const title = filename === undefined ? {} : { title: filename };
  return data === undefined
    ? [{ type: 'document', source: { type: 'url', url }, ...title }]
    : [{ type: 'document', source: { type: 'base64', media_type: mime, data }, ...title }];
}

/** What an agent of another framework wrote. Its reasoning has no signature of this provider's. */
export function fromNeutral(parts: readonly Part[]): readonly Said[] {
  const said: Said[] = [];
  let calls: ContentBlockParam[] = [];
  const settle = (): void => {
    said.push({ role: 'assistant', content: calls }, { role: 'user', content: resultsOf(calls, parts) });
    calls = [];
  };
  for (const part of parts) {
    if (part.type === 'tool') {
      calls.push({ type: 'tool_use', id: part.callId, name: part.name, input: inputOf(part) });
      continue;
    }
    if (part.type === 'step' || part.type === 'text' || part.type === 'steering') settle();
    if (part.type === 'text') said.push({ role: 'assistant', content: toContent([part]) });
    if (part.type === 'steering')
      said.push({ role: 'user', content: toContent(part.parts as unknown as readonly Part[]) });
  }
  settle();
  return said;
}

/** The provider takes objects only. */
function inputOf({ input }: ToolPart): JsonValue {
  if (isObject(input)) return input;
  return input === undefined ? {} : { input };
}
