import type { Message } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { RecordId } from '../ids.ts';
import type { RecordRefusal, RefusalCode } from './types.ts';

/** `reason`, where the code alone does not tell. */
export function refuse(
  { serial, id, name: kind, clientId }: Message,
  code: RefusalCode,
  message = `the ${kind} does not count: ${code}`,
): RecordRefusal {
  return compact<RecordRefusal>({ serial, record: id as string as RecordId, kind, clientId, code, message });
}
