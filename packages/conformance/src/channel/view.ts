import type { AnnotationSummary, Delivery, Message, Serial, Version } from '@holdfast/channel';
import { same, violated } from '../law/violation.ts';

/**
 * What a strict subscriber knows: the fold of history and deliveries, which refuses a delivery that a reader could not
 * make sense of (I3). Written apart from the fold that the library offers, which is under test as well.
 */
export interface View {
  readonly messages: ReadonlyMap<Serial, Message>;
  /** Messages that the subscription has shown whole since it began or since the last gap. */
  readonly met: ReadonlySet<Serial>;
}

export const EMPTY_VIEW: View = { messages: new Map(), met: new Set() };

/** The view after one more delivery. @throws LawViolation where the delivery needs a base that was not delivered. */
export function applyDelivery(view: View, delivery: Delivery): View {
  switch (delivery.kind) {
    case 'message': {
      const { serial } = delivery.message;
      return {
        messages: withMessage(view.messages, newer(view.messages.get(serial), delivery.message)),
        met: view.met.has(serial) ? view.met : new Set(view.met).add(serial),
      };
    }
    case 'append': {
      const known = met(view, delivery.serial, 'an append');
      return { ...view, messages: withMessage(view.messages, grown(known, delivery)) };
    }
    case 'annotations': {
      const known = met(view, delivery.serial, 'a summary of annotations');
      return { ...view, messages: withMessage(view.messages, annotated(known, delivery.summary)) };
    }
    case 'gap':
      return EMPTY_VIEW;
    case 'signal':
      return view;
  }
}

/** The view with messages that history showed. What was met stays so: history is not a delivery. */
export function applyHistory(view: View, messages: readonly Message[]): View {
  const merged = new Map(view.messages);
  for (const message of messages) merged.set(message.serial, newer(merged.get(message.serial), message));
  return { messages: merged, met: view.met };
}

/** Messages by serial. */
export function inOrder(view: View): readonly Message[] {
  return [...view.messages.values()].sort((a, b) => (a.serial < b.serial ? -1 : 1));
}

function met(view: View, serial: Serial, what: string): Message {
  const known = view.messages.get(serial);
  if (known === undefined || !view.met.has(serial)) {
    violated(`${what} was delivered for ${serial} before the whole message was`);
  }
  return known;
}

function withMessage(messages: View['messages'], message: Message): View['messages'] {
  return messages.get(message.serial) === message ? messages : new Map(messages).set(message.serial, message);
}

/** Of two states of one message the later; of two summaries as well, which may come from the other one. */
function newer(known: Message | undefined, other: Message): Message {
  if (known === undefined) return other;
  const later = known.version < other.version ? other : known;
  if (known.version === other.version) {
    same(
      { ...other, annotations: undefined },
      { ...known, annotations: undefined },
      `message ${other.serial} at version ${other.version}, seen twice`,
    );
  }
  const summary = later === known ? other.annotations : known.annotations;
  return summary === undefined ? later : annotated(later, summary);
}

function annotated(message: Message, summary: AnnotationSummary): Message {
  const known = message.annotations;
  return known !== undefined && known.version >= summary.version
    ? message
    : { ...message, annotations: summary };
}

function grown(
  known: Message,
  delivery: {
    readonly serial: Serial;
    readonly version: Version;
    readonly data: string;
    readonly offset: number;
  },
): Message {
  if (delivery.version <= known.version) return known;
  const { data } = known;
  if (typeof data !== 'string')
    violated(`an append was delivered for ${delivery.serial}, whose data is no string`);
  if (delivery.offset > data.length) {
    violated(
      `an append to ${delivery.serial} at ${delivery.offset} leaves a hole: the text has ${data.length}`,
    );
  }
  const overlap = data.slice(delivery.offset, delivery.offset + delivery.data.length);
  same(delivery.data.slice(0, overlap.length), overlap, `text of ${delivery.serial} that was appended again`);
  return { ...known, version: delivery.version, data: data + delivery.data.slice(overlap.length) };
}
