import { isObject, type JsonObject, toPlain } from '@holdfast/codec';
import type { UIMessage } from '@tanstack/ai/client';
import type { AnyEvent } from './any-event.ts';
import type { AnswerLog } from './answer-log.ts';
import { isSame } from './is-same.ts';
import { MARKS } from './marks.ts';
import type { ShownMessage } from './shown-message.ts';
import { writeParts } from './write-parts.ts';

/** Writes what makes a log show the messages that its reader shows. */
export interface MessageWriter {
  /** `event` is what made the reader show them. */
  write(messages: readonly UIMessage[], event: AnyEvent): void;
  /** Notes the name that a reader gave to a message which has none. */
  noteUnnamed(id: string): void;
}

export function createMessageWriter(log: AnswerLog): MessageWriter {
  const unnamed = new Set<string>();
  let last: readonly UIMessage[] = [];

  const isSameMessage = ({ id, isNamed }: ShownMessage, message: UIMessage): boolean =>
    id === message.id || (!isNamed && unnamed.has(message.id));

  const begin = ({ id, role, metadata }: UIMessage, event: AnyEvent): void => {
    const isNamed = namesOf(event).includes(id);
    if (!isNamed) unnamed.add(id);
    log.control('step', 'start');
    log.mark(MARKS.message, {
      ...(isNamed && { id }),
      ...(role !== 'assistant' && { role }),
      ...(metadata !== undefined && { metadata: toPlain(metadata) }),
    });
  };
  const describe = (shown: ShownMessage, at: number, message: UIMessage): void => {
    const { id, metadata } = message;
    const isRenamed = !isSameMessage(shown, message);
    const isChanged = metadata !== undefined && !isSame(metadata, shown.metadata);
    if (isRenamed || isChanged)
      log.mark(MARKS.message, {
        at,
        ...(isRenamed && { id }),
        ...(isChanged && { metadata: toPlain(metadata) }),
      });
  };

  return {
    noteUnnamed: (id) => void unnamed.add(id),
    write(messages, event) {
      const places = [...log.shown.entries()].filter(([, { isGone }]) => !isGone);
      if (messages.length < places.length)
        for (const [at, shown] of places.splice(0)) {
          if (messages.some((message) => isSameMessage(shown, message))) places.push([at, shown]);
          else log.mark(MARKS.message, { at, gone: true });
        }
      for (const [index, message] of messages.entries()) {
        if (message === last[index] && messages.length === last.length) continue;
        const [at, shown] = places[index] ?? [log.shown.length];
        if (shown === undefined) begin(message, event);
        else describe(shown, at, message);
        writeParts(log, at, message.parts as unknown as readonly JsonObject[], event);
      }
      last = messages;
    },
  };
}

/** The messages that an event speaks of by name. */
function namesOf({ messageId, parentMessageId, value }: AnyEvent): readonly unknown[] {
  return [messageId, parentMessageId, isObject(value) ? value['messageId'] : undefined];
}
