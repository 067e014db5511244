import type { JsonValue, Receipt } from '@holdfast/channel';
import type { Decision, ToolPart } from '@holdfast/codec';
import { compact, isObject } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import { describeWho, isNamed } from './who.ts';
import type { AnswerRecord } from '../records.ts';
import type { Session } from '../session.ts';
import { isEnded } from '../snapshot.ts';

/** An approval as it stands for this participant: what its buttons need. */
export interface Approval {
  readonly run: RunId;
  readonly callId: string;
  readonly approvalId: string;
  /** The arguments, as they would be run. */
  readonly input: JsonValue;
  /** Of these arguments: a decision is bound to them. */
  readonly digest?: string;
  /**
   * `open`: it can be decided. `sent`: this participant has decided, and the agent has not judged that yet, or waits for
   * others. `approved`, `denied`: decided. `expired`: it can't be decided any more. `closed`: its run is over, or the call was
   * settled otherwise.
   */
  readonly state: 'open' | 'sent' | 'approved' | 'denied' | 'expired' | 'closed';
  /** Open, and nothing known speaks against this participant: buttons that do something. */
  readonly mayDecide: boolean;
  /** Who has to decide it, in words, where that is somebody else: `staff with refunds: true`. */
  readonly needs?: string;
  /** Other arguments are taken. */
  readonly isEditable: boolean;
  /** How many different people have to approve, and how many have. */
  readonly need: number;
  readonly votes: number;
  /** Until when it can be decided, in milliseconds since 1970: show it anew then. */
  readonly until?: number;
  /** Why it is asked; once decided, why it was decided so. */
  readonly reason?: string;
  /** Why this participant's last decision does not count. */
  readonly refusal?: Decision;
}

/** Undefined where nobody is asked about the call. `now` in milliseconds since 1970. */
export function readApproval(
  session: Session,
  { run: id, callId }: { readonly run: RunId; readonly callId: string },
  now = Date.now(),
): Approval | undefined {
  const run = session.run(id);
  const call = (run?.output && session.message(run.output))?.parts.findLast(
    (part): part is ToolPart => part.type === 'tool' && part.callId === callId,
  );
  const { approval, decisions = [], input = null } = call ?? {};
  if (run === undefined || call === undefined || approval === undefined) return undefined;
  const me = session.clientId;
  const judged = new Set(decisions.map(({ record }) => record));
  const own = decisions.filter(({ clientId }) => me !== undefined && clientId === me);
  const votes = decisions.filter(({ ok, refused }) => ok === true && refused === undefined);
  const isSent =
    votes.some((vote) => own.includes(vote)) ||
    run.answers.some(
      ({ record, approvalId, clientId }) =>
        approvalId === approval.id && clientId === me && !judged.has(record),
    );
  const { until } = approval;
  const state = stateOf(call, {
    isOver: isEnded(run.status) || run.status === 'cancelling',
    isExpired: until !== undefined && now > until,
    isSent,
  });
  const last = own.at(-1);
  const isAllowed = isDecider(session, approval.who);
  return compact<Approval>({
    run: id,
    callId,
    approvalId: approval.id,
    input,
    digest: approval.digest,
    state,
    mayDecide: state === 'open' && isAllowed,
    needs: isAllowed ? undefined : describeWho(approval.who),
    isEditable: approval.editable === true,
    need: approval.need ?? 1,
    votes: votes.length,
    until,
    reason: approval.ok === undefined ? approval.requestReason : approval.reason,
    refusal: last?.refused === undefined ? undefined : last,
  });
}

/**
 * Decides about what was shown. Resolves when the decision is stored; whether it counts is the agent's to judge, and
 * `readApproval` tells.
 *
 * @throws SessionError as `session.answer`
 */
export function decideApproval(
  session: Session,
  { run, callId, approvalId, digest }: Pick<Approval, 'run' | 'callId' | 'approvalId' | 'digest'>,
  { ok, reason, input }: { readonly ok: boolean; readonly reason?: string; readonly input?: JsonValue },
): Promise<Receipt> {
  return session.answer(
    { run, callId },
    compact<Extract<AnswerRecord['answer'], { type: 'approval' }>>({
      type: 'approval',
      approvalId,
      ok,
      reason,
      input,
      digest,
    }),
  );
}

function stateOf(
  { state, approval }: ToolPart,
  { isOver, isExpired, isSent }: { readonly [K in 'isOver' | 'isExpired' | 'isSent']: boolean },
): Approval['state'] {
  if (approval?.ok !== undefined) return approval.ok ? 'approved' : 'denied';
  if (state !== 'asked' || isOver) return 'closed';
  if (isExpired) return 'expired';
  return isSent ? 'sent' : 'open';
}

/** As far as the log says who may decide. Role and claims are known where this participant is present. */
function isDecider({ clientId, snapshot: { participants } }: Session, who: JsonValue | undefined): boolean {
  const me = participants.find((each) => clientId !== undefined && each.clientId === clientId);
  if (me !== undefined) return isNamed(who, me);
  return isNamed(who, { role: 'participant', ...(clientId !== undefined && { clientId }) }) || !isClosed(who);
}

/** Only people who are named by their clientId may decide. */
function isClosed(who: JsonValue | undefined): boolean {
  return isObject(who) && who['roles'] === undefined && who['claims'] === undefined;
}
