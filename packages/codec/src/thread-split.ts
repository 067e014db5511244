import type { JsonObject } from './json.ts';
import { createLogReader } from './log-reader.ts';
import { createLogWriter } from './log-writer.ts';

/** Takes the text of reasoning, which is not to stand in the log itself. */
export interface ThreadSink {
  /** Text of part `n`; never empty. */
  text(n: number, text: string): void;
  /** Part `n` is done; returns the length of its text in UTF-16 code units, 0 where it had none. */
  close(n: number): number;
}

/** Takes the text of reasoning out of a log, before it is published. */
export interface ThreadSplit {
  /** Takes whole frames, and returns what stays of them. A part that is closed says how long its text was. */
  push(frames: string): string;
  /** Says that the text of part `n` goes on in the message with this id. */
  announce(n: number, id: string): string;
  /** Says the text of part `n` here after all; what comes of it later stays in the log. No piece is longer than `most`. */
  inline(n: number, text: string, most: number): string;
}

/** `past` is what stands of the log already; what is open there, nothing is added to. */
export function createThreadSplit(past: string, sink: ThreadSink): ThreadSplit {
  const log = createLogWriter(past);
  let isPast = true;
  const open = new Set<number>();

  const reader = createLogReader({
    text(n, text) {
      if (open.has(n)) sink.text(n, text);
      else if (!isPast) log.text(n, text);
    },
    control(frame, n) {
      if (isPast) return;
      const [verb, subject, fields] = frame;
      if (verb === 'open') {
        log.open(String(subject), fields);
        if (subject === 'reasoning') open.add(n);
        return;
      }
      let said = fields;
      if (verb === 'close' && typeof subject === 'number' && open.delete(subject)) {
        const length = sink.close(subject);
        if (length > 0) said = { ...fields, length };
      } else if (verb === 'end' || (verb === 'step' && subject === 'reset')) {
        for (const each of open) sink.close(each);
        open.clear();
      }
      log.control(said === undefined ? [verb, subject] : [verb, subject, said]);
    },
  });
  reader.push(past);
  isPast = false;

  const say = (n: number, fields: JsonObject): string => {
    log.control(['thread', n, fields]);
    return log.take();
  };

  return {
    push(frames) {
      reader.push(frames);
      // Half a surrogate pair that comes whole stands alone.
      log.flush();
      return log.take();
    },
    announce: (n, id) => say(n, { id }),
    inline(n, text, most) {
      open.delete(n);
      let said = '';
      for (let at = 0; at < text.length; at += most) said += say(n, { text: text.slice(at, at + most) });
      return said;
    },
  };
}
