import { createLogReader, createLogWriter, NO_PART, type Control, type JsonObject } from '@holdfast/codec';
import {
  createLogState,
  trackControl,
  trackText,
  unnamedId,
  type LogState,
  type OpenPart,
} from './log-state.ts';
import { note, type Said } from './said.ts';

/** A log being written, with what it says so far. */
export interface TrackedLog {
  readonly state: LogState;
  readonly said: Said;
  /** The message had its name before this writer came. */
  readonly isNamed: boolean;
  control(verb: string, subject: unknown, fields: JsonObject, slot?: string): void;
  open(kind: string, fields: JsonObject, slot?: string): number;
  /** Opens a text part. Messages don't show its id, so the log keeps it only where two of them are open. */
  openText(id: unknown, fields: JsonObject): void;
  /** The open part that a chunk of this stream speaks of. */
  find(kind: string, id: unknown): OpenPart | undefined;
  text(n: number, text: string): void;
  flush(): void;
  take(): string;
}

/** `log` is what stands already. */
export function createTrackedLog(log: string): TrackedLog {
  const writer = createLogWriter(log);
  const state = createLogState();
  const said: Said = new Map();
  /** Numbers of open parts, by kind and by what they are called. */
  const numbers = new Map<string, number>();
  let isNamed = false;

  const track = (control: Control, n: number): void => {
    note(said, state, control, n);
    trackControl(state, control, n);
    const part = state.open.get(n);
    if (part !== undefined) numbers.set(keyOf(part.kind, part.id), n);
  };
  const reader = createLogReader({
    text: (n, text) => trackText(state, n, text),
    control(control, n) {
      track(control, n);
      isNamed ||= control[0] === 'message';
    },
  });
  reader.push(log);

  const open = (kind: string, fields: JsonObject, slot?: string): number => {
    const n = writer.open(kind, Object.keys(fields).length > 0 ? fields : undefined, slot);
    track(['open', kind, fields], n);
    return n;
  };
  return {
    state,
    said,
    isNamed,
    open,
    openText(id, fields) {
      const isAlone = unnamedText(state) === undefined;
      const n = open('text', isAlone || typeof id !== 'string' ? fields : { id, ...fields });
      numbers.set(keyOf('text', id), n);
    },
    find(kind, id) {
      const n = numbers.get(keyOf(kind, id));
      // A text that another writer opened without its id is whatever text this stream speaks of.
      return n === undefined && kind === 'text' ? unnamedText(state) : state.open.get(n);
    },
    control(verb, subject, fields, slot) {
      const control: Control = Object.keys(fields).length > 0 ? [verb, subject, fields] : [verb, subject];
      writer.control(control, slot);
      track(control, NO_PART);
    },
    text(n, text) {
      writer.text(n, text);
      trackText(state, n, text);
    },
    flush: () => writer.flush(),
    take: () => writer.take(),
  };
}

function keyOf(kind: string, id: unknown): string {
  return `${kind} ${String(id)}`;
}

/** The open text part whose id the log doesn't have; there is one at most. */
function unnamedText({ open }: LogState): OpenPart | undefined {
  return [...open.values()].find(({ kind, id, n }) => kind === 'text' && id === unnamedId(n));
}
