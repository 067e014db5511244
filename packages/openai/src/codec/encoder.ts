import { toPlain, type Encoder, type JsonValue } from '@holdfast/codec';
import { createDocumentLog, isEvent, isSessionEvent, writeSessionEvent } from '@holdfast/codec/documents';
import { accumulate } from './accumulate.ts';
import { MARKS, PROVIDER, type AnyEvent, type ResponsesEvent } from './any-event.ts';
import { describe, describeEnd } from './describe.ts';
import { isOver, toDocument } from './response-document.ts';
import { ruleOf } from './table.ts';

/** Told of events that could not be placed, and of unknown ones. */
export type Warn = (text: string, event: unknown) => void;

/** Writes events of a Responses stream into a frame log; `standing` is what stands of it already. */
export function createEncoder(standing = '', warn: Warn = logWarning): Encoder<ResponsesEvent> {
  const log = createDocumentLog({ log: standing, mark: MARKS.response });
  let document = toDocument(log.document);
  let signals: ResponsesEvent[] = [];

  const unplaced = (event: JsonValue, why: string): void => {
    log.control('raw', event, { of: MARKS.unplaced });
    warn(why, event);
  };
  const pass = (event: AnyEvent): void => {
    log.control('raw', event, { of: PROVIDER });
    if (event.type === 'error') log.control('error', event['message'] ?? '');
  };
  const take = (event: AnyEvent): void => {
    const step = accumulate(document, event);
    if (step.did === 'nothing') return unplaced(event, 'an event that has no place');
    const before = step.did === 'begin' ? undefined : document;
    ({ document } = step);
    if (step.did === 'grow' && log.grow(step.at, step.text)) return;
    if (step.did === 'begin') log.begin();
    const isEnd = isOver(document) && (before === undefined || !isOver(before));
    log.show(document, [...describe(document), ...(isEnd ? describeEnd(document) : [])]);
  };

  return {
    write(chunk) {
      const event = toPlain(chunk);
      if (!isEvent(event)) return unplaced(event, 'not an event');
      if (isSessionEvent(event)) {
        if (!writeSessionEvent(log, event)) unplaced(event, 'an event about no call');
        return;
      }
      const rule = ruleOf(event.type);
      if (rule === undefined) {
        pass(event);
        warn('an unknown event', event);
      } else if (rule.does === 'signal') signals.push(event as unknown as ResponsesEvent);
      else if (rule.does === 'pass') pass(event);
      else take(event);
    },
    settle: (reason) => log.settle(reason),
    take: () => log.take(),
    takeSignals() {
      const taken = signals;
      signals = [];
      return taken;
    },
  };
}

function logWarning(text: string, event: unknown): void {
  const type: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'type') : event;
  console.warn(`holdfast: ${text}:`, type);
}
