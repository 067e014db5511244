import { isObject, toPlain, type Encoder, type JsonValue } from '@holdfast/codec';
import { createDocumentLog, isEvent, isSessionEvent, writeSessionEvent } from '@holdfast/codec/documents';
import { accumulate } from './accumulate.ts';
import { MARKS, PROVIDER, type AnyEvent, type MessagesEvent } from './any-event.ts';
import { describe, describeEnd } from './describe.ts';
import { toDocument } from './message-document.ts';
import { isKnownType, deltaOf, type EventType } from './table.ts';

/** Told of events that could not be placed, and of unknown ones. */
export type Warn = (text: string, event: unknown) => void;

/** Writes events of a Messages stream into a frame log; `standing` is what stands of it already. */
export function createEncoder(standing = '', warn: Warn = logWarning): Encoder<MessagesEvent> {
  const log = createDocumentLog({ log: standing, mark: MARKS.message });
  let document = toDocument(log.document);

  const unplaced = (event: JsonValue, why: string): void => {
    log.control('raw', event, { of: MARKS.unplaced });
    warn(why, event);
  };
  const pass = (event: AnyEvent): void => log.control('raw', event, { of: PROVIDER });

  const take = (event: AnyEvent & { readonly type: EventType }): void => {
    const step = accumulate(document, event);
    if (step.did === 'nothing') return unplaced(event, 'an event that has no place');
    const before = step.did === 'begin' ? undefined : document;
    ({ document } = step);
    if (step.did === 'grow' && log.grow(step.at, step.text)) return;
    if (step.did === 'begin') log.begin();
    const isEnd = document.isOver && before?.isOver === false;
    log.show(document, [...describe(document), ...(isEnd ? describeEnd(document) : [])]);
  };

  return {
    write(chunk) {
      const event = toPlain(chunk);
      if (!isEvent(event)) return unplaced(event, 'not an event');
      const { type } = event;
      if (isSessionEvent(event)) {
        if (!writeSessionEvent(log, event)) unplaced(event, 'an event about no call');
      } else if (type === 'error') {
        pass(event);
        const { error } = event;
        log.control('error', isObject(error) ? (error['message'] ?? '') : '');
      } else if (isKnown(event)) take(event);
      else {
        pass(event);
        // A sign of life says nothing.
        if (type !== 'ping') warn('an unknown event', event);
      }
    },
    settle: (reason) => log.settle(reason),
    take: () => log.take(),
    takeSignals: () => [],
  };
}

/** Whether this version knows an event, and the kind of delta that it brings. */
function isKnown(event: AnyEvent): event is AnyEvent & { readonly type: EventType } {
  const { type, delta } = event;
  if (type !== 'content_block_delta') return isKnownType(type);
  return !isObject(delta) || typeof delta['type'] !== 'string' || deltaOf(delta['type']) !== undefined;
}

function logWarning(text: string, event: unknown): void {
  const type: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'type') : event;
  console.warn(`holdfast: ${text}:`, type);
}
