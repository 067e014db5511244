import { isObject } from '@holdfast/codec';
import type { StreamChunk } from '@tanstack/ai/client';
import type { AnyEvent } from './any-event.ts';
import type { AnswerLog } from './answer-log.ts';
import { besideOf } from './beside.ts';
import { createMirror, type Mirror } from './mirror.ts';
import { toMessages } from './to-messages.ts';

export interface Reader {
  processChunk(event: StreamChunk): void;
  getMessages(): Mirror['messages'];
}

/**
 * The framework's reader as it stands where a log ends: it goes on with what is open there. `onUnnamed` is told of a message
 * that the next one to begin gives its name to.
 */
export function openReader({ content, shown }: AnswerLog, onUnnamed: (id: string) => void): Reader {
  const mirror = createMirror();
  const [first] = shown;
  const isInterrupted = isObject(content.finish?.['outcome']);
  // A run that was interrupted goes on in messages of its own.
  if (first !== undefined && shown.length === 1 && !first.isNamed && !isInterrupted) {
    mirror.beginUnnamed(first.id);
    onUnnamed(first.id);
  }
  mirror.lead(toMessages(content));
  for (const event of besideOf(content)) if (isHint(event)) mirror.tell(event);
  return mirror.reader;
}

function isHint({ type, name }: AnyEvent): boolean {
  return type === 'STEP_STARTED' || name === 'structured-output.start';
}
