import type { MessageId } from '../ids.ts';
import { runOfAnswerId } from '../records/answer-id.ts';
import { mayPublish, mayWrite, roleOf } from '../records/authority.ts';
import { readOutputId } from '../records/output-id.ts';
import { parseRecord } from '../records/parse.ts';
import { isRecordKind } from '../records/table.ts';
import type { Entry, Judged } from './entry.ts';
import type { Stored } from './stored.ts';
import type { RefusalCode } from './types.ts';

export function judge(stored: Stored): Judged {
  const { message, serial } = stored;
  const role = roleOf(message.claims);
  const parsed = parseRecord(message);
  if (!parsed.ok) {
    if (parsed.reason === 'deleted') return tombstone(stored);
    return parsed.reason === 'unknown' ? { kind: 'unknown' } : refuse('invalid', parsed.message);
  }
  const { record } = parsed;
  const forbidden = mayWrite(role, record);
  if (forbidden !== undefined) return refuse('forbidden', forbidden);
  const { kind } = record;
  if (kind === 'output') {
    const place = readOutputId(message.id);
    return place?.run === record.run && place.after === record.after
      ? { kind, serial, message, ...place, record, log: stored.log }
      : refuse('invalid', 'id must name the run and the predecessor');
  }
  if ((kind === 'input' || kind === 'steer') && runOfAnswerId(record.message.id as MessageId))
    return refuse('conflict', 'message.id is of the form that answers have');
  // The record's kind is the entry's: the pair is one of the union's.
  return { kind, serial, message, role, record } as Entry;
}

/** A deleted output or input keeps its place; of what else was deleted nothing is left (P26). */
function tombstone({ message, serial, log }: Stored): Judged {
  const { name: kind, id } = message;
  const role = roleOf(message.claims);
  const place = readOutputId(id);
  if (!isRecordKind(kind) || !mayPublish(role, kind)) return { kind: 'gone' };
  if (kind === 'output' && place) return { kind, serial, message, ...place, log };
  // The message's own id is lost with its content: it is known by its record's.
  return kind === 'input'
    ? {
        kind,
        serial,
        message,
        role,
        record: { kind, message: { id, role: 'user', parts: [] }, parent: null },
      }
    : { kind: 'gone' };
}

function refuse(code: RefusalCode, message: string): Judged {
  return { kind: 'refused', code, message };
}
