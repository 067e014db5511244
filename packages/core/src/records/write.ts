import type { Draft, JsonValue } from '@holdfast/channel';
import type { OutputRecord, SessionRecord } from '../records.ts';
import { findWrong } from './guard.ts';
import { pickFields, RECORDS } from './table.ts';

/**
 * The draft that stores a record under `id`; for outputs see `writeOutput`.
 *
 * @throws TypeError when a field is malformed; its path is in the message
 */
export function writeFields(id: string, record: SessionRecord): Draft & { readonly data: object } {
  const { kind: name, ...data } = pickFields(record.kind, record) as SessionRecord;
  const fields: object = data;
  const wrong = findWrong(RECORDS[name], fields as { readonly [key: string]: JsonValue });
  if (wrong !== undefined) throw new TypeError(`${name} record: ${wrong}`);
  return { id, name, data: fields as { readonly [key: string]: JsonValue } };
}

/** The same for every record. For an output, mint the id with `mintOutputId`: its log is the data, its fields are headers. */
export function writeRecord(id: string, record: SessionRecord): Draft {
  const draft = writeFields(id, record);
  if (record.kind !== 'output') return draft;
  const { log, ...fields } = draft.data as unknown as OutputRecord;
  const headers = Object.entries(fields).map(([name, value]) => [name, String(value)]);
  return { ...draft, data: log, headers: Object.fromEntries(headers) as Record<string, string> };
}
