import { StreamProcessor, type StreamChunk, type UIMessage } from '@tanstack/ai/client';
import type { AnyEvent } from './any-event.ts';
import { isSame } from './is-same.ts';
import { propose } from './propose.ts';
import { createTracker } from './tracker.ts';

/**
 * What one reader shows, kept by the framework's own reducer, and the events that lead it elsewhere. Where no increments
 * are known to get there, or the reducer would make something else of them, the list is replaced by a
 * `MESSAGES_SNAPSHOT`.
 */
export interface Mirror {
  readonly messages: readonly UIMessage[];
  /** Whether the reader shows exactly these messages. */
  shows(wanted: readonly UIMessage[]): boolean;
  /** The events after which the reader shows these messages. */
  lead(wanted: readonly UIMessage[]): readonly AnyEvent[];
  /** As `lead`, for a reader that may have forgotten everything, or never known it: the whole list is said anew. */
  restart(wanted: readonly UIMessage[]): readonly AnyEvent[];
  /** Notes an event that the reader is given beside these. */
  tell(event: AnyEvent): void;
  /** Begins with a message that has no name yet: the next one that begins gives it its name. */
  beginUnnamed(id: string): void;
  /** The reader, for who gives it everything from here on. */
  readonly reader: StreamProcessor;
}

/** Streamed arguments are shown as text: nobody here needs them parsed at every delta. */
const OPTIONS = { jsonParser: { parse: () => undefined } };

export function createMirror(): Mirror {
  const tracker = createTracker();
  let processor = new StreamProcessor(OPTIONS);
  /** What was led to last, where nothing has happened to the reader since. */
  let settled: readonly UIMessage[] = [];

  const tell = (event: AnyEvent): void => {
    // The reducer takes parts of events for its own, and changes them.
    processor.processChunk(structuredClone(event) as unknown as StreamChunk);
    tracker.observe(event);
  };
  /** Which wanted message a shown one was found to be: both are never changed, so that is looked at once. */
  const known = new WeakMap<UIMessage, UIMessage>();
  const isShown = (wanted: UIMessage, shown: UIMessage): boolean => {
    if (known.get(shown) === wanted) return true;
    const isEqual = isSame(shown, wanted);
    if (isEqual) known.set(shown, wanted);
    return isEqual;
  };
  const isThere = (wanted: readonly UIMessage[]): boolean => {
    const shown = processor.getMessages();
    return (
      shown.length === wanted.length &&
      wanted.every((message, at) => shown[at] !== undefined && isShown(message, shown[at]))
    );
  };
  const attempt = (before: UIMessage[], wanted: readonly UIMessage[], ...opening: UIMessage[][]) => {
    processor = new StreamProcessor({ ...OPTIONS, initialMessages: before });
    const events: AnyEvent[] = [];
    const emit = (event: AnyEvent): void => {
      events.push(event);
      tell(event);
    };
    for (const messages of opening) emit({ type: 'MESSAGES_SNAPSHOT', messages });
    const isDone =
      propose({ messages: processor.getMessages(), tracker, emit, isShown }, wanted) && isThere(wanted);
    return { events, isDone };
  };

  const replace = (before: UIMessage[], wanted: readonly UIMessage[]): readonly AnyEvent[] => {
    const list = [...wanted];
    // A call that was settled stays so over a snapshot, unless the list was empty in between; and reasoning by itself
    // would join the next message, unless it comes in events.
    const openings = [[list], [[], list], [[], list.filter(({ role }) => role !== 'assistant')], [[]]];
    const attempts = openings.map((opening) => () => attempt(before, wanted, ...opening));
    for (const next of attempts) {
      const { events, isDone } = next();
      if (isDone) return events;
    }
    return attempt(before, wanted, list).events;
  };

  const lead = (wanted: readonly UIMessage[]): readonly AnyEvent[] => {
    if (isKnown(settled, wanted)) return [];
    const before = processor.getMessages();
    const events: AnyEvent[] = [];
    const emit = (event: AnyEvent): void => {
      events.push(event);
      tell(event);
    };
    const isDone = propose({ messages: before, tracker, emit, isShown }, wanted) && isThere(wanted);
    settled = wanted;
    return isDone ? events : replace(before, wanted);
  };

  return {
    get reader() {
      return processor;
    },
    get messages() {
      return processor.getMessages();
    },
    shows: isThere,
    lead,
    restart(wanted) {
      settled = wanted;
      return replace(processor.getMessages(), wanted);
    },
    tell(event) {
      settled = [];
      tell(event);
    },
    beginUnnamed(id) {
      processor.startAssistantMessage(id);
      tracker.observe({ type: 'TEXT_MESSAGE_START', messageId: id });
    },
  };
}

function isKnown(a: readonly UIMessage[], b: readonly UIMessage[]): boolean {
  return a.length === b.length && a.length > 0 && a.every((message, at) => message === b[at]);
}
