import type { JsonValue } from '@holdfast/channel';
import type { JsonObject } from '@holdfast/codec';
import type { RecordKind, SessionRecord } from '../records.ts';
import { answer } from './answer.ts';
import { contentMessage } from './content.ts';
import { anyText, anything, flag, object, oneOf, optional, text, wholeFrom } from './guard.ts';
import type { Guard, Guards } from './guard.ts';

type FieldsOf<K extends RecordKind> = Exclude<keyof Extract<SessionRecord, { kind: K }>, 'kind'>;

const name = optional(text);

/** Every field of every record, with what it must be: parsing and writing both go by this table. */
export const RECORDS: { readonly [K in RecordKind]: { readonly [F in FieldsOf<K>]: Guard } } = {
  input: {
    message: contentMessage,
    parent: (value, path) => (value === null ? undefined : text(value, path)),
    replaces: name,
    edits: name,
    to: name,
    delivery: optional(oneOf('queue', 'next', 'steer', 'interrupt', 'parallel', 'reject')),
    parentRun: name,
    label: name,
    device: name,
  },
  regenerate: { input: text, to: name, device: name },
  output: {
    run: text,
    after: name,
    attempt: wholeFrom(1),
    agent: text,
    format: text,
    horizon: name,
    floor: name,
    checkpoint: name,
    log: anyText,
  },
  cancel: { run: text, only: optional(flag), reason: optional(anyText) },
  answer: { run: text, callId: text, answer, device: name },
  steer: { run: text, message: contentMessage },
  state: { key: anyText, value: optional(anything), all: optional(object), upTo: name },
  floor: {
    act: oneOf('ask', 'take', 'release', 'hand'),
    to: name,
    as: optional(oneOf('person', 'agent')),
    from: name,
    reason: optional(anyText),
  },
};

export function isRecordKind(name: string): name is RecordKind {
  return Object.hasOwn(RECORDS, name);
}

/**
 * A record out of its fields: those that this version knows and that are there. Where one is bad, what is wrong with the
 * first, instead.
 */
export function readFields(kind: RecordKind, source: JsonObject): SessionRecord | string {
  const fields: Record<string, JsonValue> = { kind };
  const guards: Guards = RECORDS[kind];
  for (const [name, guard] of Object.entries(guards)) {
    const value = source[name];
    const wrong = guard(value, name);
    if (wrong !== undefined) return wrong;
    if (value !== undefined) fields[name] = value;
  }
  // The table has a guard for every field of this kind, so what passed it has the kind's shape.
  return fields as object as SessionRecord;
}
