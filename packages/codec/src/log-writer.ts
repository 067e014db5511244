import { control as serialise } from './control.ts';
import type { Control } from './control.ts';
import { endsInHighSurrogate, escapeText } from './escape.ts';
import type { JsonObject } from './json.ts';
import { createLogReader, isDeselecting, NO_PART } from './log-reader.ts';

export interface LogWriter {
  /** How many parts have been opened: the number of the next one. */
  readonly opens: number;
  /** Opens a part and selects it; returns its number. A `value` names the slot whose value it grows. */
  open(kind: string, fields?: JsonObject, slot?: string): number;
  /** Adds text to part `n`. Deltas of different parts commute, so text merges per part up to the last control. */
  text(n: number, text: string): void;
  /**
   * Adds a control. With a `slot`, it is a value of which only the last one matters: it takes the place of one for the
   * same slot that still waits here, unless text has grown that one, or a control without a slot has come between.
   */
  control(control: Control, slot?: string): void;
  /** The stream is over: a high surrogate that waits for its other half goes out alone, as any control would make it. */
  flush(): void;
  /** What to append to the log since the last call; empty when there is nothing. */
  take(): string;
}

type Entry =
  | { readonly kind: 'text'; readonly n: number; text: string }
  | { readonly kind: 'control'; control: Control; readonly opens: number };

/** Writes a frame log. `log` is what stands of it already, when another process goes on with it. */
export function createLogWriter(log = ''): LogWriter {
  const past = createLogReader({ text() {}, control() {} });
  past.push(log);
  let { opens, selected } = past;
  let pending: Entry[] = [];
  /** Waiting text per part, and waiting values per slot, that later ones may still join. */
  const texts = new Map<number, { text: string }>();
  const values = new Map<string, { control: Control }>();
  const slots = new Map<number, string>();
  /** High surrogates waiting for their other half, per part. */
  const halves = new Map<number, string>();

  const put = (n: number, text: string): void => {
    const slot = slots.get(n);
    if (slot !== undefined) values.delete(slot);
    const waiting = texts.get(n);
    if (waiting !== undefined) {
      waiting.text += text;
      return;
    }
    const entry: Entry = { kind: 'text', n, text };
    pending.push(entry);
    texts.set(n, entry);
  };

  const flush = (): void => {
    for (const [n, half] of halves) put(n, half);
    halves.clear();
  };

  const add = (control: Control, opened: number, slot: string | undefined): void => {
    flush();
    const waiting = slot === undefined ? undefined : values.get(slot);
    if (waiting !== undefined) {
      waiting.control = control;
      return;
    }
    const entry: Entry = { kind: 'control', control, opens: opened };
    pending.push(entry);
    texts.clear();
    if (slot === undefined) values.clear();
    else values.set(slot, entry);
  };

  return {
    get opens() {
      return opens;
    },
    open(kind, fields, slot) {
      const n = opens;
      opens += 1;
      if (slot !== undefined) slots.set(n, slot);
      add(fields === undefined ? ['open', kind] : ['open', kind, fields], n, undefined);
      return n;
    },
    text(n, text) {
      let whole = (halves.get(n) ?? '') + text;
      halves.delete(n);
      if (endsInHighSurrogate(whole)) {
        halves.set(n, whole.slice(-1));
        whole = whole.slice(0, -1);
      }
      if (whole !== '') put(n, whole);
    },
    control(control, slot) {
      add(control, NO_PART, slot);
    },
    flush,
    take() {
      let out = '';
      for (const entry of pending) {
        if (entry.kind === 'text') {
          if (selected !== entry.n) out += serialise((selected = entry.n));
          out += escapeText(entry.text);
        } else {
          out += serialise(entry.control);
          if (entry.opens !== NO_PART) selected = entry.opens;
          else if (isDeselecting(entry.control, selected)) selected = NO_PART;
        }
      }
      pending = [];
      texts.clear();
      values.clear();
      return out;
    },
  };
}
