import type { MessageId } from '../ids.ts';
import { answerIdOf, runOfAnswerId } from '../records/answer-id.ts';
import { mayPublish, mayWrite, roleOf } from '../records/authority.ts';
import { readOutputId } from '../records/output-id.ts';
import { parseRecord } from '../records/parse.ts';
import { isRecordKind } from '../records/table.ts';
import type { SessionRecord } from '../records.ts';
import type { Asking, Entry, Judged, OriginEntry } from './entry.ts';
import type { Stored } from './stored.ts';
import type { RefusalCode } from './types.ts';

/** Judges a message alone. */
export function judge({ message, serial, log }: Stored): Judged {
  const { name, id, claims } = message;
  const role = roleOf(claims);
  const parsed = parseRecord(message);
  let record: SessionRecord | undefined;
  if (parsed.ok) {
    record = parsed.record;
    const reason = mayWrite(role, record);
    if (reason !== undefined) return refused('forbidden', reason);
  } else if (parsed.reason === 'invalid') return refused('invalid', parsed.message);
  else if (!isRecordKind(name) || !mayPublish(role, name)) return undefined;
  // P26: a deleted output or input keeps its place; of what else was deleted nothing is left. The message's own id is lost
  // with its content: it is known by its record's.
  else if (name === 'input') record = { kind: name, message: { id, role: 'user', parts: [] }, parent: null };

  if (name === 'output') {
    const place = readOutputId(id);
    if (record?.kind !== name) return place && { kind: name, serial, message, ...place, log };
    return place?.run === record.run && place.after === record.after
      ? { kind: name, serial, message, ...place, record, log }
      : refused('invalid', 'id must name the run and the predecessor');
  }
  if (!record) return undefined;
  switch (record.kind) {
    case 'input':
    case 'regenerate':
    case 'steer': {
      const origin = toOrigin({ kind: record.kind, serial, message, role }, record);
      return origin.record.message && runOfAnswerId(origin.question) ? refused('conflict') : origin;
    }
    default:
      // The record's kind is the entry's: the pair is one of the union's.
      return { kind: record.kind, serial, message, role, record } as Entry;
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

function refused(code: RefusalCode, reason?: string): Judged {
  return { kind: 'refused', code, reason };
}
