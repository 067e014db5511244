import type { JsonValue, Message } from '@holdfast/channel';
import type { SessionRecord } from '../records.ts';
import { isObject } from '@holdfast/codec';
import { isRecordKind, readFields } from './table.ts';

export type ParsedRecord =
  | { readonly ok: true; readonly record: SessionRecord }
  /** A record of a known kind with a bad field, which `message` names. */
  | { readonly ok: false; readonly reason: 'invalid'; readonly message: string }
  /** Deleted: nothing of its content is left. */
  | { readonly ok: false; readonly reason: 'deleted' }
  /** A name that this version doesn't know. */
  | { readonly ok: false; readonly reason: 'unknown' };

/** Reads a message as a record. Never throws; unknown fields are left out. */
export function parseRecord(message: Message): ParsedRecord {
  const kind = message.name;
  if (!isRecordKind(kind)) return { ok: false, reason: 'unknown' };
  if (message.deleted === true) return { ok: false, reason: 'deleted' };
  const source = kind === 'output' ? outputFields(message) : message.data;
  const read = isObject(source) ? readFields(kind, source) : 'data must be an object';
  return typeof read === 'string'
    ? { ok: false, reason: 'invalid', message: read }
    : { ok: true, record: read };
}

function outputFields({ headers, data }: Message): JsonValue {
  const { attempt = '1' } = headers;
  return { ...headers, attempt: /^\d{1,15}$/.test(attempt) ? Number(attempt) : attempt, log: data };
}
