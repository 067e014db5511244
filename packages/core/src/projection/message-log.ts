import { isEqual, type LogFacts } from '@holdfast/codec';
import type { Message, Serial } from '@holdfast/channel';
import type { Stored } from './stored.ts';
import type { Append } from './types.ts';

/** What taking a message did. */
export type Taken =
  /** Nothing that a reader could tell. */
  | 'same'
  /** An append that doesn't join what is known. */
  | 'missing'
  /** A new message, other content, or an output that went on and said more than text. */
  | 'changed'
  /** An output went on by this text. */
  | { readonly data: string };

/** Messages by serial, each at the latest state seen. Of two sights of a message the higher version counts, then the longer text. */
export interface MessageLog {
  readonly all: Iterable<Stored>;
  get(serial: Serial): Stored | undefined;
  /** Takes a whole message without its annotations. */
  apply(message: Omit<Message, 'annotations'>): Taken;
  append(append: Append): Taken;
  /** Forgets a message; false when it was not known. */
  drop(serial: Serial): boolean;
}

export function createMessageLog(openFacts: (log: string) => LogFacts): MessageLog {
  const messages = new Map<Serial, Stored>();

  const put = (message: Message): Taken => {
    const text = textOf(message);
    const log = Object.assign(openFacts(text), { text });
    messages.set(message.serial, { serial: message.serial, message, log });
    return 'changed';
  };
  const grow = (stored: Stored, message: Message, data: string): Taken => {
    const { log } = stored;
    // Grown and rarely read: slicing it at every append would copy the whole each time.
    log.text += data;
    stored.message = { ...message, data: log.text };
    if (log.push(data)) return 'changed';
    return data === '' ? 'same' : { data };
  };

  return {
    get all() {
      return messages.values();
    },
    get: (serial) => messages.get(serial),
    apply(message) {
      const stored = messages.get(message.serial);
      if (!stored) return put(message);
      const { message: known, log } = stored;
      const { version, data } = message;
      const text = textOf(message);
      if (version < known.version || (version === known.version && text.length <= log.text.length))
        return 'same';
      const isGrown =
        typeof known.data === 'string' &&
        text.startsWith(known.data) &&
        isEqual({ ...known, version, data }, message);
      return isGrown ? grow(stored, message, text.slice(log.text.length)) : put(message);
    },
    append({ serial, version, data, offset }) {
      const stored = messages.get(serial);
      const text = stored?.log.text ?? '';
      if (!stored || offset > text.length) return 'missing';
      const { message } = stored;
      // Text that is known already doesn't raise the version: should it come from a rewrite not seen yet, that one still counts.
      if (
        version < message.version ||
        typeof message.data !== 'string' ||
        offset + data.length <= text.length
      )
        return 'same';
      return grow(stored, { ...message, version }, data.slice(text.length - offset));
    },
    drop: (serial) => messages.delete(serial),
  };
}

function textOf({ data }: Message): string {
  return typeof data === 'string' ? data : '';
}
