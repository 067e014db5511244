import type { Delivery } from './delivery.ts';
import type { Serial } from './ids.ts';
import type { Message } from './message.ts';

/** What a channel's messages are after its deliveries: redelivery, overlaps and history pages in any order change nothing. */
export interface ChannelFold {
  /** The message with this serial as last known. */
  get(serial: Serial): Message | undefined;
  /** All known messages, oldest first. */
  messages(): readonly Message[];
  /** Takes a message out of history. True when it is news. */
  add(message: Message): boolean;
  /**
   * Takes a delivery. `missing` names a message that must be read from history, since text came for it whose base is
   * not there; a channel that keeps its contract never lets that happen but after a `gap`.
   */
  apply(delivery: Delivery): { readonly changed: boolean; readonly missing?: Serial };
}

interface Known {
  message: Message;
  /** After a gap: kept to be shown, but no base for appends. */
  stale: boolean;
}

const SAME = { changed: false } as const;
const CHANGED = { changed: true } as const;

export function createChannelFold(): ChannelFold {
  const known = new Map<Serial, Known>();

  const add = (message: Message): boolean => {
    const before = known.get(message.serial);
    if (before === undefined) {
      known.set(message.serial, { message, stale: false });
      return true;
    }
    before.stale = false;
    const next = newer(before.message, message);
    const changed = next !== before.message;
    before.message = next;
    return changed;
  };

  return {
    get: (serial) => known.get(serial)?.message,
    messages: () =>
      [...known.values()].map(({ message }) => message).sort((a, b) => (a.serial < b.serial ? -1 : 1)),
    add,
    apply(delivery) {
      switch (delivery.kind) {
        case 'message':
          return add(delivery.message) ? CHANGED : SAME;
        case 'append': {
          const { serial, version, data, offset } = delivery;
          const entry = known.get(serial);
          if (entry === undefined) return { changed: false, missing: serial };
          const { message } = entry;
          if (version <= message.version) return SAME;
          if (entry.stale || typeof message.data !== 'string' || offset > message.data.length)
            return { changed: false, missing: serial };
          // What overlaps is known already; what follows it is new.
          const suffix = data.slice(message.data.length - offset);
          entry.message = { ...message, version, data: message.data + suffix };
          return CHANGED;
        }
        case 'annotations': {
          const entry = known.get(delivery.serial);
          if (entry === undefined) return { changed: false, missing: delivery.serial };
          const next = newer(entry.message, { ...entry.message, annotations: delivery.summary });
          if (next === entry.message) return SAME;
          entry.message = next;
          return CHANGED;
        }
        case 'gap':
          for (const entry of known.values()) entry.stale = true;
          return SAME;
        case 'signal':
          return SAME;
      }
    },
  };
}

/** Of two sights of one message the newer content and the newer annotations, each by its own version (P24). */
export function newer(a: Message, b: Message): Message {
  const content = b.version > a.version ? b : a;
  const annotations =
    (b.annotations?.version ?? '') > (a.annotations?.version ?? '') ? b.annotations : a.annotations;
  return content.annotations === annotations || annotations === undefined
    ? content
    : { ...content, annotations };
}
