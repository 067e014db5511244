import { isObject, type Content, type JsonObject } from '@holdfast/codec';
import type { UIMessage } from '@tanstack/ai/client';
import { showMessages } from './show-messages.ts';

/** The messages of an answer as TanStack's chats show them: one for each turn of the model. */
export function toMessages(content: Content): UIMessage[] {
  return showMessages(content).flatMap(({ id, role, parts, metadata, isGone }) => {
    if (isGone) return [];
    const shown = parts.map(({ ui }) => ui) as unknown as UIMessage['parts'];
    return [{ id, role, parts: shown, ...(metadata !== undefined && withMetadata(metadata)) }];
  });
}

/** The time at which a message was made travels in its metadata. */
function withMetadata(metadata: JsonObject): Pick<UIMessage, 'metadata' | 'createdAt'> {
  const { tanstack } = metadata;
  const at = isObject(tanstack) ? tanstack['createdAt'] : undefined;
  const createdAt = typeof at === 'string' ? new Date(at) : undefined;
  return { metadata, ...(createdAt !== undefined && !Number.isNaN(createdAt.getTime()) && { createdAt }) };
}
