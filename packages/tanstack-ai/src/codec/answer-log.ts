import {
  createContentFold,
  createLogWriter,
  type Content,
  type JsonObject,
  type JsonValue,
} from '@holdfast/codec';
import { showMessages } from './show-messages.ts';
import type { ShownMessage } from './shown-message.ts';

/** The log of an answer as it is written, with what it says so far. */
export interface AnswerLog {
  readonly content: Content;
  /** What the log shows in a chat. */
  readonly shown: readonly ShownMessage[];
  /** How often something was written, and the last thing where that was text. */
  readonly written: { readonly times: number; readonly text?: { readonly n: number; readonly text: string } };
  control(verb: string, subject: JsonValue, fields?: JsonObject): void;
  /** A part of this framework only, see `MARKS`. */
  mark(of: string, chunk: JsonObject): void;
  /** Opens a part and returns its number. */
  open(kind: string, fields: JsonObject): number;
  text(n: number, text: string): void;
  take(): string;
}

/** `log` is what stands already. */
export function createAnswerLog(log: string): AnswerLog {
  const writer = createLogWriter(log);
  const fold = createContentFold();
  fold.push(log);
  let waiting = '';
  let written: AnswerLog['written'] = { times: 0 };
  let known: { readonly content: Content; readonly shown: readonly ShownMessage[] } | undefined;

  const pull = (): void => {
    const more = writer.take();
    if (more === '') return;
    waiting += more;
    fold.push(more);
  };
  const read = (): Content => {
    pull();
    return fold.content;
  };
  const note = (text?: { readonly n: number; readonly text: string }): void => {
    const times = written.times + 1;
    written = text === undefined ? { times } : { times, text };
  };
  return {
    get content() {
      return read();
    },
    get written() {
      return written;
    },
    get shown() {
      const content = read();
      if (known?.content !== content) known = { content, shown: showMessages(content) };
      return known.shown;
    },
    control(verb, subject, fields) {
      note();
      const said = fields !== undefined && Object.keys(fields).length > 0;
      writer.control(said ? [verb, subject, fields] : [verb, subject]);
    },
    mark(of, chunk) {
      note();
      writer.control(['raw', chunk, { of }]);
    },
    open(kind, fields) {
      note();
      return writer.open(kind, Object.keys(fields).length > 0 ? fields : undefined);
    },
    text(n, text) {
      note({ n, text });
      writer.text(n, text);
    },
    take() {
      pull();
      const taken = waiting;
      waiting = '';
      return taken;
    },
  };
}
