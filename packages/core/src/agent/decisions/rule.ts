import type { JsonObject, Part, ToolPart } from '@holdfast/codec';
import { compact, control } from '@holdfast/codec';
import type { ApprovalPolicy, Approver } from '../../decisions.ts';
import type { RecordId, RunId } from '../../ids.ts';
import type { AnswerState, Projection } from '../../projection/types.ts';
import { roleOf } from '../../records/authority.ts';
import { parseRecord } from '../../records/parse.ts';
import type { AnswerRecord } from '../../records.ts';
import { judgeDecision, type RefusedDecision } from './judge-decision.ts';
import { deadlineOf, waitingCalls, wantsVerdict } from './waiting.ts';

export interface RulingContext {
  readonly projection: Projection;
  readonly run: RunId;
  /** The answer as far as it is written. */
  readonly parts: readonly Part[];
  readonly policyOf: (call: ToolPart) => ApprovalPolicy | Promise<ApprovalPolicy>;
  /** The channel's time, in milliseconds since 1970. */
  readonly now: number;
  /** Records that were judged already, and are not on the channel yet. */
  readonly ruled?: Set<RecordId>;
  /** Whether an open call is to be settled now. Default: every one. */
  readonly isDue?: (call: ToolPart) => boolean;
}

export interface Ruling {
  /** What the agent writes: its verdict on every answer that had none (P17). */
  readonly log: string;
  /** A call still waits. */
  readonly isOpen: boolean;
  /** It should be told though calls still wait: somebody was refused, has voted, or came too late. */
  readonly isUrgent: boolean;
}

interface Given {
  readonly state: AnswerState;
  readonly answer: AnswerRecord['answer'];
  readonly approver: Approver;
}

/** Judges what was answered, by serial: of each call the first valid decision counts, or as many as it needs (P20). */
export async function rule(context: RulingContext): Promise<Ruling> {
  const { projection, run, parts, policyOf, now, ruled = new Set(), isDue = () => true } = context;
  const open = new Map(waitingCalls(parts).map((call) => [call.callId, call]));
  let log = '';
  let isUrgent = false;

  const verdict = ({ state, answer, approver }: Given, fields: JsonObject): void => {
    const said = answer.type === 'approval' ? answer : undefined;
    ruled.add(state.record);
    const about = compact({
      record: state.record,
      serial: state.serial,
      clientId: approver.clientId,
      ok: said?.ok,
      reason: said?.reason,
      digest: said?.digest,
      input: said?.input,
    });
    log += control(['verdict', state.callId, { ...about, ...fields }]);
  };
  const refuse = (given: Given, refused: RefusedDecision, why: string): void => {
    isUrgent = true;
    verdict(given, { refused, why });
  };

  const settle = (call: ToolPart, { state, answer, approver }: Given): void => {
    if (answer.type === 'approval') return;
    ruled.add(state.record);
    open.delete(call.callId);
    // Not `by`, which says who runs the call.
    const decided = compact({ record: state.record, clientId: approver.clientId });
    const result = answer.type === 'output' ? { output: answer.output } : { error: answer.error };
    log += control(['result', call.callId, { ...decided, ...result }]);
  };

  const decide = async (call: ToolPart, given: Given): Promise<void> => {
    const { state, answer, approver } = given;
    if (answer.type !== 'approval') return;
    const { callId, decisions = [], approval } = call;
    const votes = decisions.filter(({ ok, refused }) => ok === true && refused === undefined);
    const { timestamp } = state;
    const policy = await policyOf(call);
    const judgement = await judgeDecision(call, { answer, approver, timestamp }, policy, votes);
    if (!judgement.counts) return refuse(given, judgement.refusal.refused, judgement.refusal.why);
    verdict(given, {});
    const { record } = state;
    const { ok, reason, digest } = answer;
    if (ok && votes.length + 1 < (approval?.need ?? 1)) {
      const vote = compact({ record: record as string, clientId: approver.clientId, ok });
      open.set(callId, { ...call, decisions: [...decisions, vote] });
      isUrgent = true;
      return;
    }
    open.delete(callId);
    const why = compact({ clientId: approver.clientId, reason, digest, input: judgement.input });
    log += control(['answer', answer.approvalId, { record, ok, ...why }]);
  };

  for (const given of answersOf(projection, run)) {
    const { state, answer } = given;
    if (ruled.has(state.record)) continue;
    const call = open.get(state.callId);
    const isOpen =
      call !== undefined && (answer.type === 'approval') === (call.state === 'asked') && isAbout(given, call);
    if (call !== undefined && isOpen) {
      if (!isDue(call)) continue;
      if (answer.type === 'approval') await decide(call, given);
      else if (state.outcome === 'elsewhere')
        refuse(given, 'elsewhere', 'Another device was given this call.');
      else if (state.timestamp > deadlineOf(call)) refuse(given, 'expired', 'The time for it was over.');
      else settle(call, given);
    } else if (call === undefined) refuse(given, 'answered', 'It was settled before.');
    else if (isDue(call)) refuse(given, 'answered', 'This is not what was asked for.');
  }
  for (const call of open.values()) {
    if (deadlineOf(call) >= now || !isDue(call)) continue;
    open.delete(call.callId);
    isUrgent = true;
    log +=
      call.state === 'asked'
        ? control(['answer', call.approval?.id ?? '', { ok: false, reason: UNDECIDED }])
        : control(['result', call.callId, { error: UNANSWERED }]);
  }
  return { log, isOpen: open.size > 0, isUrgent };
}

const UNDECIDED = 'Nobody decided in time.';
const UNANSWERED = 'No device gave a result in time.';

function isAbout({ answer }: Given, { approval }: ToolPart): boolean {
  return answer.type !== 'approval' || answer.approvalId === approval?.id;
}

function answersOf(projection: Projection, run: RunId): readonly Given[] {
  return projection.answers(run).flatMap((state) => {
    const message = wantsVerdict(state) ? projection.record(state.record) : undefined;
    const parsed = message === undefined ? undefined : parseRecord(message);
    if (message === undefined || parsed?.ok !== true || parsed.record.kind !== 'answer') return [];
    const { clientId, claims } = message;
    const approver = compact<Approver>({ clientId, claims, role: roleOf(claims) });
    return { state, answer: parsed.record.answer, approver };
  });
}
