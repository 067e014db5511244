import type { MessageId } from '../ids.ts';
import { answerIdOf, runOfAnswerId } from '../records/answer-id.ts';
import { mayPublish, mayWrite, roleOf } from '../records/authority.ts';
import { readOutputId } from '../records/output-id.ts';
import { parseRecord } from '../records/parse.ts';
import { isRecordKind } from '../records/table.ts';
import type { SessionRecord } from '../records.ts';
import type { Asking, Entry, Judged } from './entry.ts';
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
    const output = record?.kind === name ? record : undefined;
    return output && (place?.run !== output.run || place.after !== output.after)
      ? refused('invalid', 'id must name the run and the predecessor')
      : place && { kind: name, serial, message, ...place, log, record: output };
  }
  if (record?.kind !== 'input' && record?.kind !== 'regenerate' && record?.kind !== 'steer')
    // The record's kind is the entry's: the pair is one of the union's.
    return record && ({ kind: record.kind, serial, message, role, record } as Entry);
  const { message: said, input, run, parent, parentRun }: Asking = record;
  const question = (said?.id ?? input) as MessageId;
  return said && runOfAnswerId(question)
    ? refused('conflict')
    : {
        kind: record.kind,
        serial,
        message,
        role,
        record,
        question,
        parent: parent ?? input ?? (run ? answerIdOf(run) : null),
        outer: role === 'agent' ? parentRun : undefined,
      };
}

function refused(code: RefusalCode, reason?: string): Judged {
  return { kind: 'refused', code, reason };
}
