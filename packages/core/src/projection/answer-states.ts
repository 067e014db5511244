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
  readonly until?: number;
  device?: string;
  decided: boolean;
}

/** What a run's standing log asks for, and what it says of the answers. */
interface Questions {
  readonly approvals: ReadonlyMap<string, Wanted>;
  readonly calls: ReadonlyMap<string, Wanted>;
  /** Records that a verdict names. */
  readonly counted: ReadonlySet<string>;
}

/** What became of the approval decisions and tool results given to a run, by serial (P17). */
export function judgeAnswers({ named, derived }: Node): readonly AnswerState[] {
  const questions = readQuestions(derived.standing);
  const first = new Set<Wanted>();
  return named
    .filter((each) => each.kind === 'answer')
    .map((entry) => {
      const { record, message } = entry;
      const { answer } = record;
      const outcome = outcomeOf(entry, questions, first);
      return {
        record: message.id as string as RecordId,
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
  { approvals, calls, counted }: Questions,
  first: Set<Wanted>,
): AnswerState['outcome'] {
  const { answer, callId, device } = record;
  if (counted.has(message.id)) return 'counted';
  const isApproval = answer.type === 'approval';
  const wanted = isApproval ? approvals.get(answer.approvalId) : calls.get(callId);
  // P2: it answers only what was asked before it.
  if (wanted === undefined || wanted.serial > serial) return 'waiting';
  if (isApproval ? (wanted.callId ?? callId) !== callId : wanted.device !== device) return 'waiting';
  if (wanted.decided) return 'superseded';
  if (wanted.until !== undefined && message.timestamp > wanted.until) return 'expired';
  if (first.has(wanted)) return 'superseded';
  first.add(wanted);
  return 'provisional';
}

function readQuestions(standing: StandingLog): Questions {
  const approvals = new Map<string, Wanted>();
  const calls = new Map<string, Wanted>();
  const counted = new Set<string>();
  for (const [fact, { serial }] of standingFacts(standing)) take(fact, serial);
  return { approvals, calls, counted };

  function take(fact: Fact, serial: Serial): void {
    switch (fact.kind) {
      case 'ask': {
        const { callId, until } = fact;
        approvals.set(fact.id, {
          serial,
          ...(callId !== undefined && { callId }),
          ...(until !== undefined && { until }),
          decided: false,
        });
        return;
      }
      case 'answer':
        decide(approvals.get(fact.id), fact.record);
        return;
      case 'call':
        calls.set(fact.callId, { serial, decided: false });
        return;
      case 'assign': {
        const call = calls.get(fact.callId);
        if (call !== undefined) call.device = fact.device;
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
    if (record !== undefined) counted.add(record);
  }
}
