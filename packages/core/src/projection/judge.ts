import type { MessageId } from '../ids.ts';
import { answerIdOf, runOfAnswerId } from '../records/answer-id.ts';
import { mayPublish, mayWrite, roleOf } from '../records/authority.ts';
import { readOutputId } from '../records/output-id.ts';
import { parseRecord } from '../records/parse.ts';
import { isRecordKind } from '../records/table.ts';
import type { Asking, Entry, Judged, OriginEntry } from './entry.ts';
import type { Stored } from './stored.ts';
import type { RefusalCode } from './types.ts';

const NONE: Judged = { kind: 'none' };

export function judge(stored: Stored): Judged {
  const { message, serial, log } = stored;
  const role = roleOf(message.claims);
  const place = readOutputId(message.id);
  const parsed = parseRecord(message);
  if (!parsed.ok) {
    if (parsed.reason === 'invalid') return refuse('invalid', parsed.message);
    // P26: a deleted output or input keeps its place; of what else was deleted nothing is left.
    const kind = message.name;
    if (!isRecordKind(kind) || !mayPublish(role, kind)) return NONE;
    if (kind === 'output' && place) return { kind, serial, message, ...place, log };
    // The message's own id is lost with its content: it is known by its record's.
    const said = { id: message.id, role: 'user', parts: [] } as const;
    return kind === 'input' ? toOrigin({ kind, serial, message, role }, { message: said }) : NONE;
  }
  const { record } = parsed;
  const forbidden = mayWrite(role, record);
  if (forbidden !== undefined) return refuse('forbidden', forbidden);
  const { kind } = record;
  switch (kind) {
    case 'output':
      return place?.run === record.run && place.after === record.after
        ? { kind, serial, message, ...place, record, log }
        : refuse('invalid', 'id must name the run and the predecessor');
    case 'input':
    case 'regenerate':
    case 'steer': {
      const origin = toOrigin({ kind, serial, message, role }, record);
      return kind !== 'regenerate' && runOfAnswerId(origin.question)
        ? refuse('conflict', 'message.id is of the form that answers have')
        : origin;
    }
    default:
      // The record's kind is the entry's: the pair is one of the union's.
      return { kind, serial, message, role, record } as Entry;
  }
}

function toOrigin(
  entry: Pick<OriginEntry, 'kind' | 'serial' | 'message' | 'role'>,
  record: Asking & { readonly parentRun?: OriginEntry['outer'] },
): OriginEntry {
  const { message, input, run, parent } = record;
  return {
    ...entry,
    record,
    question: (message?.id ?? input) as MessageId,
    parent: parent ?? input ?? (run ? answerIdOf(run) : null),
    outer: entry.role === 'agent' ? record.parentRun : undefined,
  };
}

function refuse(code: RefusalCode, message: string): Judged {
  return { kind: 'refused', code, message };
}
