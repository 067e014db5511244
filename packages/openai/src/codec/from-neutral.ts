import { isObject, type FilePart, type Part } from '@holdfast/codec';
import type { ResponseInputContent, ResponseInputItem } from 'openai/resources/responses/responses';
import { createCalls } from './call-outputs.ts';

/** What a person, or the application, says; nothing where nothing of it can be said to a model. */
export function toUserItem(role: 'user' | 'system', parts: readonly Part[]): readonly ResponseInputItem[] {
  const content = parts.flatMap((part) => toContent(part) ?? []);
  return content.length === 0 ? [] : [{ type: 'message', role, content }];
}

function toContent(part: Part): ResponseInputContent | undefined {
  if (!isObject(part)) return undefined;
  if (part.type === 'text') return part.text === '' ? undefined : { type: 'input_text', text: part.text };
  return part.type === 'file' ? toFile(part) : undefined;
}

function toFile({ url, mime, filename }: FilePart): ResponseInputContent {
  if (mime.startsWith('image/')) return { type: 'input_image', image_url: url, detail: 'auto' };
  return url.startsWith('data:')
    ? { type: 'input_file', file_data: url, filename: filename ?? 'file' }
    : { type: 'input_file', file_url: url };
}

/** What an agent of another framework wrote. Its reasoning means nothing to this provider. */
export function fromNeutral(parts: readonly Part[]): readonly ResponseInputItem[] {
  const calls = createCalls(parts);
  const items: ResponseInputItem[] = [];
  let outputs: ResponseInputItem[] = [];
  const settle = (): void => {
    items.push(...outputs);
    outputs = [];
  };
  for (const part of parts) {
    if (part.type === 'step') settle();
    else if (part.type === 'text' && part.text !== '') {
      settle();
      items.push({ role: 'assistant', content: part.text });
    } else if (part.type === 'steering') {
      settle();
      items.push(...toUserItem('user', part.parts as unknown as readonly Part[]));
    } else if (part.type === 'tool') {
      const { callId, name, input, inputText } = part;
      const text = input === undefined ? inputText : JSON.stringify(input);
      items.push({
        type: 'function_call',
        call_id: callId,
        name,
        arguments: isJson(text) ? text : '{}',
      });
      const output = calls.outputOf(callId);
      outputs.push({ type: 'function_call_output', call_id: callId, output: calls.textOf(output) });
    }
  }
  settle();
  return items;
}

export function isJson(text: string | undefined): text is string {
  try {
    return text !== undefined && JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}
