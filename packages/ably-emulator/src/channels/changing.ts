import type { Message, Operation } from '@holdfast/channel';
import { fromHeaders, toExtras, toHeaders, toJsonObject } from '../protocol/content.ts';
import { refusal } from '../protocol/errors.ts';
import type { InboundMessage } from '../protocol/frames.ts';
import { sizeOf } from './limits.ts';

export type ChangeKind = 'append' | 'update' | 'delete';

/** A change to a message: fields that are absent stay. */
export interface Change {
  readonly kind: ChangeKind;
  readonly fields: Pick<InboundMessage, 'data' | 'name' | 'encoding' | 'extras'>;
  /** Who changes it, and why, as the client has put it. */
  readonly operation?: Readonly<Record<string, unknown>>;
}

/** What the engine must do so that the message says what it should, and how large it then is. */
export function change(before: Message, { kind, fields, operation }: Change) {
  const content = fromHeaders(before.headers);
  const data = kind === 'append' ? appended(before, fields) : (fields.data ?? before.data);
  const encoding =
    fields.data == null || kind === 'append' ? content.encoding : (fields.encoding ?? undefined);
  const name = fields.name ?? before.name;
  const extras = fields.extras == null ? content.extras : toExtras(fields.extras);
  const { connectionId, series } = content;
  const headers = toHeaders({
    ...(connectionId !== undefined && { connectionId }),
    ...(series !== undefined && { series }),
    ...(encoding !== undefined && { encoding }),
    ...(extras !== undefined && { extras }),
    ...(operation !== undefined && { operation: toJsonObject(operation) }),
    ...(kind === 'delete' && { deleted: true }),
  });
  const bytes = sizeOf({ name, clientId: before.clientId, extras, data, encoding });
  const same = name === before.name && sameHeaders(headers, before.headers);
  const { serial } = before;
  const planned: Operation =
    kind === 'append' && same && typeof before.data === 'string'
      ? { action: 'append', serial, data: fields.data ?? '', offset: before.data.length }
      : { action: 'update', serial, draft: { name, data, headers } };
  return { operation: planned, bytes };
}

/** Whether only text was added: a change of anything beside the text makes an append an update to an engine. */
export function isPlainAppend({ action }: Operation): boolean {
  return action === 'append';
}

function appended(before: Message, { data, encoding }: Change['fields']): string {
  const { encoding: own } = fromHeaders(before.headers);
  if (typeof before.data !== 'string' && before.data !== null)
    throw refusal('badRequest', 'Only text can be appended to.');
  if ((data ?? '') !== '' && ((encoding ?? undefined) !== own || own?.endsWith('base64') === true))
    throw refusal('badRequest', 'Only text can be appended, to text of the same encoding.');
  return (before.data ?? '') + (data ?? '');
}

function sameHeaders(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
