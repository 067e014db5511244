import type { JsonObject } from '@holdfast/codec';
import type { UIMessage } from '@tanstack/ai/client';
import type { AnyEvent } from './any-event.ts';
import { isSame } from './is-same.ts';
import { proposePart } from './propose-part.ts';
import type { Tracker } from './tracker.ts';

export interface Reader {
  readonly messages: readonly UIMessage[];
  readonly tracker: Tracker;
  /** Hands an event to the reader. */
  readonly emit: (event: AnyEvent) => void;
  /** Whether a message that the reader shows is the wanted one already. */
  readonly isShown: (wanted: UIMessage, shown: UIMessage) => boolean;
}

/** Hands the reader the events by which its messages may become the wanted ones; false where there are none. */
export function propose(reader: Reader, wanted: readonly UIMessage[]): boolean {
  const { messages } = reader;
  if (wanted.length < messages.length) return false;
  return wanted.every((message, at) => {
    const before = messages[at];
    if (before !== undefined && reader.isShown(message, before)) return true;
    return before === undefined || before.id === message.id ? proposeMessage(reader, message, before) : false;
  });
}

function proposeMessage(
  { tracker, emit }: Reader,
  { id: messageId, role, parts, metadata }: UIMessage,
  before: UIMessage | undefined,
): boolean {
  const earlier = asObjects(before?.parts ?? []);
  const later = asObjects(parts);
  if (later.length < earlier.length) return false;
  const isDescribed = before !== undefined && !isSame(metadata, before.metadata);
  const changed = later.filter((part, at) => !isSame(part, earlier[at]));
  if (before !== undefined && changed.length === 0 && !isDescribed) return true;
  if (role !== 'assistant') return false;
  if (!tracker.known.has(messageId))
    emit({ type: 'TEXT_MESSAGE_START', messageId, role, ...(metadata !== undefined && { metadata }) });
  else if (isDescribed) emit({ type: 'TEXT_MESSAGE_END', messageId, metadata });
  return later.every((part, at) => {
    const was = earlier[at];
    return isSame(part, was) || proposePart({ messageId, tracker, emit }, part, was);
  });
}

function asObjects(parts: UIMessage['parts']): readonly JsonObject[] {
  return parts as unknown as readonly JsonObject[];
}
