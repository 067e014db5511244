import type { Serial } from '@holdfast/channel';
import type { Fact } from '@holdfast/codec';
import type { RecordId } from '../ids.ts';
import type { AnswerEntry } from './entry.ts';
import type { Node } from './node.ts';
import { standingFacts } from './standing.ts';
import type { StandingLog } from './standing.ts';
import type { AnswerState } from './types.ts';

interface Wanted {
  /** Of the output that asks. */
  readonly serial: Serial;
  readonly callId?: string;
  until?: number;
  readonly need: number;
  device?: string;
  clientId?: string;
  decided: boolean;
}

/** What a run's standing log asks for, and what it says of the answers. */
interface Questions {
  readonly approvals: ReadonlyMap<string, Wanted>;
  readonly calls: ReadonlyMap<string, Wanted>;
  /** Records that a verdict names: whether they count. */
  readonly ruled: ReadonlyMap<string, boolean>;
}

/** Who came first for each question, as far as no verdict says so: as many different people as it needs (P20). */
type Firsts = Map<Wanted, Set<string | undefined>>;

/** What became of the approval decisions and tool results given to a run, by serial (P17). */
export function judgeAnswers({ named, derived }: Node): readonly AnswerState[] {
  const questions = readQuestions(derived.standing);
  const firsts: Firsts = new Map();
  return named
    .filter((each) => each.kind === 'answer')
    .map((entry) => {
      const { record, message, serial } = entry;
      const { answer } = record;
      const outcome = outcomeOf(entry, questions, firsts);
      return {
        record: message.id as string as RecordId,
        serial,
        callId: record.callId,
        ...(answer.type === 'approval' && { approvalId: answer.approvalId, ok: answer.ok }),
        ...(message.clientId !== undefined && { clientId: message.clientId }),
        timestamp: message.timestamp,
        outcome,
      };
    });
}

function outcomeOf(
  { record, message, serial }: AnswerEntry,
  { approvals, calls, ruled }: Questions,
  firsts: Firsts,
): AnswerState['outcome'] {
  const { answer, callId, device } = record;
  const counts = ruled.get(message.id);
  if (counts !== undefined) return counts ? 'counted' : 'refused';
  const isApproval = answer.type === 'approval';
  const wanted = isApproval ? approvals.get(answer.approvalId) : calls.get(callId);
  // P2: it answers only what was asked before it.
  if (wanted === undefined || wanted.serial > serial) return 'waiting';
  if (isApproval && (wanted.callId ?? callId) !== callId) return 'waiting';
  if (!isApproval && wanted.device === undefined && device !== undefined) return 'waiting';
  if (wanted.decided) return 'superseded';
  // P18, P6: a device routes; whose it is, the channel has stamped.
  const isOthers = wanted.clientId !== undefined && wanted.clientId !== message.clientId;
  if (!isApproval && (wanted.device !== device || isOthers)) return 'elsewhere';
  if (wanted.until !== undefined && message.timestamp > wanted.until) return 'expired';
  const first = firsts.get(wanted) ?? new Set();
  if (first.size >= wanted.need || first.has(message.clientId)) return 'superseded';
  firsts.set(wanted, first.add(message.clientId));
  return 'provisional';
}

function readQuestions(standing: StandingLog): Questions {
  const approvals = new Map<string, Wanted>();
  const calls = new Map<string, Wanted>();
  const ruled = new Map<string, boolean>();
  for (const [fact, { serial }] of standingFacts(standing)) take(fact, serial);
  return { approvals, calls, ruled };

  function take(fact: Fact, serial: Serial): void {
    switch (fact.kind) {
      case 'ask': {
        const { callId, until, need } = fact;
        const before = approvals.get(fact.id);
        // What is asked again while it is open adds to what was asked.
        const asked = before?.decided === false ? before : { serial, need: 1, decided: false };
        approvals.set(fact.id, {
          ...asked,
          ...(callId !== undefined && { callId }),
          ...(until !== undefined && { until }),
          ...(need !== undefined && { need }),
        });
        return;
      }
      case 'answer':
        decide(approvals.get(fact.id), fact.record);
        return;
      case 'verdict':
        ruled.set(fact.record, fact.counts);
        return;
      case 'call':
        calls.set(fact.callId, { serial, need: 1, decided: false });
        return;
      case 'assign': {
        const call = calls.get(fact.callId);
        if (call === undefined) return;
        call.device = fact.device;
        if (fact.clientId !== undefined) call.clientId = fact.clientId;
        if (fact.until !== undefined) call.until = fact.until;
        return;
      }
      case 'result':
        decide(calls.get(fact.callId), fact.record);
        return;
      case 'message':
      case 'continue':
      case 'end':
      case 'steering':
      case 'state':
      case 'progress':
    }
  }

  function decide(wanted: Wanted | undefined, record: string | undefined): void {
    if (wanted !== undefined) wanted.decided = true;
    if (record !== undefined) ruled.set(record, true);
  }
}
