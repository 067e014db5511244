import type { Draft } from '@holdfast/channel';
import type { OutputRecord, SessionRecord } from '../records.ts';
import type { JsonObject } from '@holdfast/codec';
import { readFields } from './table.ts';

/**
 * The draft that stores a record under `id`; for outputs see `writeOutput`.
 *
 * @throws TypeError when a field is malformed; its path is in the message
 */
export function writeFields(id: string, record: SessionRecord): Draft & { readonly data: object } {
  const read = readFields(record.kind, record as object as JsonObject);
  if (typeof read === 'string') throw new TypeError(`${record.kind} record: ${read}`);
  const { kind: name, ...data } = read;
  return { id, name, data: data as object as JsonObject };
}

/** The same for every record. For an output, mint the id with `mintOutputId`: its log is the data, its fields are headers. */
export function writeRecord(id: string, record: SessionRecord): Draft {
  const draft = writeFields(id, record);
  if (record.kind !== 'output') return draft;
  const { log, ...fields } = draft.data as unknown as OutputRecord;
  const headers = Object.entries(fields).map(([name, value]) => [name, String(value)]);
  return { ...draft, data: log, headers: Object.fromEntries(headers) as Record<string, string> };
}
