import { isObject, type Content, type JsonObject, type Part } from '@holdfast/codec';
import type { AnyEvent } from './any-event.ts';
import { FRAMEWORK } from './marks.ts';

/** Events of an answer that no message shows: an application's own, the run's state, errors. */
export function besideOf({ parts }: Content): readonly AnyEvent[] {
  const lastStructured = parts.findLastIndex((part) => part.type === 'text' && part.as === 'json');
  return parts.flatMap((part, at) => {
    const event = eventOf(part);
    // The output that it announces is there: it would announce another one.
    const isOver = event?.['name'] === 'structured-output.start' && at < lastStructured;
    return event === undefined || isOver ? [] : [event];
  });
}

function eventOf(part: Part): AnyEvent | undefined {
  switch (part.type) {
    case 'raw':
      return part.of === FRAMEWORK && isEvent(part.chunk) ? part.chunk : undefined;
    case 'data':
      return { type: 'CUSTOM', name: part.name, value: part.data, ...ownOf(part) };
    case 'error':
      return {
        type: 'RUN_ERROR',
        message: part.text,
        ...(part.code !== undefined && { code: part.code }),
        ...ownOf(part),
      };
    default:
      return undefined;
  }
}

function ownOf({ x }: Part): JsonObject {
  const more = x?.[FRAMEWORK];
  return isObject(more) ? more : {};
}

function isEvent(value: unknown): value is AnyEvent {
  return isObject(value) && typeof value['type'] === 'string';
}
