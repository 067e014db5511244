import { LF, parseFrame, RS } from './control.ts';
import type { Control, Frame } from './control.ts';
import { endsInHighSurrogate } from './escape.ts';

/** What `selected` and a control's `n` are where there is no part. */
export const NO_PART = -1;

/** Takes what a reader finds, in the log's order. */
export interface LogSink {
  /**
   * Text of part `n`, or of no part at all (`NO_PART`: nothing is selected); never empty. `at` is where it begins in the
   * log; for a literal, whose control stands whole or not at all, that is its last code unit.
   */
  text(n: number, text: string, at: number): void;
  /**
   * A control; `n` is the number of the part that an `open` makes, else `NO_PART`; `at` is where the control ends in the
   * log, in UTF-16 code units. One that can't be read comes as `['broken', json]`.
   */
  control(control: Control, n: number, at: number): void;
}

export interface LogReader {
  /** What was pushed, in UTF-16 code units. */
  readonly length: number;
  /** How many parts were opened. */
  readonly opens: number;
  /** The part that text goes to, or `NO_PART`. */
  readonly selected: number;
  /** Takes the next piece of the log, cut anywhere; costs no more than that piece. Never throws. */
  push(data: string): void;
}

/** Reads a frame log as it grows. For every split the sink gets the same, except where one text is cut in two. */
export function createLogReader(sink: LogSink): LogReader {
  let length = 0;
  let opens = 0;
  let selected = NO_PART;
  /** What is there of a control whose LF has not come. */
  let partial: string | undefined;
  /** The first half of a surrogate pair whose other half has not come. */
  let half = '';

  const text = (data: string, start: number, isLast: boolean): void => {
    let found = half + data;
    const at = start - half.length;
    half = '';
    if (isLast && endsInHighSurrogate(found)) {
      half = found.slice(-1);
      found = found.slice(0, -1);
    }
    if (found !== '') sink.text(selected, found, at);
  };

  const frame = (found: Frame | undefined, json: string, at: number): void => {
    if (typeof found === 'number') {
      selected = Number.isSafeInteger(found) && found >= 0 && found < opens ? found : NO_PART;
    } else if (typeof found === 'string') {
      if (found !== '') sink.text(selected, found, at - 1);
    } else if (found?.[0] === 'open') {
      selected = opens;
      opens += 1;
      sink.control(found, selected, at);
    } else {
      sink.control(found ?? ['broken', json], NO_PART, at);
      if (found !== undefined && isDeselecting(found, selected)) selected = NO_PART;
    }
  };

  return {
    get length() {
      return length;
    },
    get opens() {
      return opens;
    },
    get selected() {
      return selected;
    },
    push(data) {
      const base = length;
      length += data.length;
      let at = 0;
      while (at < data.length) {
        if (partial === undefined) {
          const start = data.indexOf(RS, at);
          const end = start < 0 ? data.length : start;
          if (end > at || (start >= 0 && half !== '')) text(data.slice(at, end), base + at, start < 0);
          if (start >= 0) partial = '';
          at = end + 1;
          continue;
        }
        const end = data.indexOf(LF, at);
        if (end < 0) {
          partial += data.slice(at);
          return;
        }
        const json = partial + data.slice(at, end);
        partial = undefined;
        at = end + 1;
        // RS always begins a control: one that was cut off before its LF is given up, the next one is read.
        const cut = json.lastIndexOf(RS) + 1;
        if (cut > 0) frame(undefined, json.slice(0, cut - 1), base + at);
        const whole = json.slice(cut);
        frame(parseFrame(whole), whole, base + at);
      }
    },
  };
}

/** Closing the selected part and a reset step leave nothing selected; no other control moves the selection. */
export function isDeselecting([verb, subject]: Control, selected: number): boolean {
  return (verb === 'close' && subject === selected) || (verb === 'step' && subject === 'reset');
}
