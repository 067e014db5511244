import type { JsonValue } from '@holdfast/channel';
import type { Decision, ToolPart } from '@holdfast/codec';
import type { ApprovalPolicy, Approver } from '../../decisions.ts';
import { describeWho, isNamed } from '../../calls/who.ts';
import type { AnswerRecord } from '../../records.ts';
import { digestOf } from './digest.ts';

type Approval = Extract<AnswerRecord['answer'], { type: 'approval' }>;

export interface GivenDecision {
  readonly answer: Approval;
  readonly approver: Approver;
  /** When the channel took it, in milliseconds since 1970. */
  readonly timestamp: number;
}

/** A decision counts, with the arguments that were changed where they were; or it doesn't, and why. */
export type Judgement =
  | { readonly counts: true; readonly input?: JsonValue }
  | { readonly counts: false; readonly refusal: Refusal };

interface Refusal {
  readonly refused: RefusedDecision;
  readonly why: string;
}

/** Why a decision, or a client tool's result, does not count. */
export type RefusedDecision =
  'answered' | 'repeated' | 'expired' | 'changed' | 'forbidden' | 'invalid' | 'failed' | 'elsewhere';

/** Judges what somebody decided about a call that waits for that. `votes` are the decisions that counted so far. */
export async function judgeDecision(
  { approval, input = null }: ToolPart,
  { answer, approver, timestamp }: GivenDecision,
  policy: ApprovalPolicy,
  votes: readonly Decision[],
): Promise<Judgement> {
  if (approval?.until !== undefined && timestamp > approval.until)
    return refuse('expired', 'The time for it was over.');
  if (answer.ok && votes.some(({ clientId }) => clientId === approver.clientId))
    return refuse('repeated', 'The same person has decided before.');
  // Whoever denies need not have seen the arguments, unless they say which.
  const isBound = answer.ok || answer.digest !== undefined;
  if (isBound && answer.digest !== approval?.digest)
    return refuse('changed', 'It was decided about other arguments.');
  if (approval?.digest !== undefined && approval.digest !== (await digestOf(input)))
    return refuse('changed', 'The arguments are not those that were asked about.');
  // What everybody was told holds, also where the process that asked is gone and its policy with it.
  const named = [approval?.who, policy.who].find((who) => !isNamed(who, approver));
  if (named !== undefined)
    return refuse('forbidden', `Somebody else has to decide this: ${describeWho(named)}.`);
  const why = await whyNot(policy, approver);
  if (why !== undefined) return why;
  if (answer.input === undefined) return { counts: true };
  if (!answer.ok) return refuse('invalid', 'Who denies changes no arguments.');
  return edit(policy, approval?.need ?? 1, answer.input);
}

async function whyNot({ may }: ApprovalPolicy, approver: Approver): Promise<Judgement | undefined> {
  try {
    const answer = (await may?.(approver)) ?? true;
    if (answer === true) return undefined;
    return refuse('forbidden', answer === false ? 'Not allowed to decide this.' : answer);
  } catch {
    return refuse('failed', 'Whether this may count could not be found out: decide again.');
  }
}

async function edit({ edit: take }: ApprovalPolicy, need: number, input: JsonValue): Promise<Judgement> {
  if (take === undefined) return refuse('invalid', 'The arguments of this call can not be changed.');
  if (need > 1) return refuse('invalid', 'Arguments that several people approve of can not be changed.');
  try {
    return { counts: true, input: await take(input) };
  } catch (error) {
    return refuse('invalid', error instanceof Error ? error.message : 'The changed arguments are not valid.');
  }
}

function refuse(refused: RefusedDecision, why: string): Judgement {
  return { counts: false, refusal: { refused, why } };
}
