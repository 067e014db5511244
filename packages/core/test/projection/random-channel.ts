import type { AnnotationSummary, JsonValue, Message, Serial, Version } from '@holdfast/channel';
import { serial } from './session-script.ts';
import type { Speaker } from './session-script.ts';

/** One change of a channel: the message whole as it stands after it, and what was added where text was only added. */
export interface LogEvent {
  readonly message: Message;
  readonly added?: { readonly offset: number; readonly data: string };
  readonly annotated?: AnnotationSummary;
}

/** What the steps of a log do to the channel. */
export interface Channel {
  readonly events: LogEvent[];
  readonly messages: readonly Message[];
  /** The serial of the next change, as a part of ids. */
  readonly at: string;
  has(id: string): boolean;
  create(speaker: Speaker, name: string, id: string, data: JsonValue, headers?: Message['headers']): void;
  change(message: Message, what: Partial<Message>, event?: Omit<LogEvent, 'message'>): void;
}

export function createChannel(): Channel {
  const events: LogEvent[] = [];
  const messages: Message[] = [];
  const at = (): string => String(events.length + 1).padStart(4, '0');
  return {
    events,
    messages,
    get at() {
      return at();
    },
    has: (id) => messages.some((message) => message.id === id),
    create(speaker, name, id, data, headers = {}) {
      const stamp = { serial: serial(at()), version: at() as Version, timestamp: 1000 * (events.length + 1) };
      const message: Message = { ...stamp, id, name, data, headers, ...speaker };
      messages.push(message);
      events.push({ message });
    },
    change(message, what, event = {}) {
      const next: Message = { ...message, version: at() as Version, ...what };
      messages[messages.indexOf(message)] = next;
      events.push({ message: next, ...event });
    },
  };
}

/** What a history of the first `count` changes holds, oldest first. */
export function compact(events: readonly LogEvent[], count = events.length): readonly Message[] {
  const messages = new Map<Serial, Message>();
  for (const { message } of events.slice(0, count)) messages.set(message.serial, message);
  return [...messages.values()];
}
