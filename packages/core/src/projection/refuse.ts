import type { Message } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { RecordId } from '../ids.ts';
import type { RecordRefusal, RefusalCode } from './types.ts';

const REASONS: Readonly<Record<RefusalCode, string>> = {
  invalid: 'it is malformed',
  forbidden: 'its author may not do that',
  conflict: 'its id, or its message’s, was used before',
  late: 'what it changes was taken or changed before',
};

export function refuse(
  { serial, id, name: kind, clientId }: Message,
  code: RefusalCode,
  message = REASONS[code],
): RecordRefusal {
  return compact<RecordRefusal>({ serial, record: id as string as RecordId, kind, clientId, code, message });
}
