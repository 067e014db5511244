import type { JsonObject, ToolPart } from '@holdfast/codec';
import { compact, control } from '@holdfast/codec';
import type { ApprovalAsk, ApprovalPolicy } from '../../decisions.ts';
import { digestOf } from './digest.ts';

/** @throws TypeError for a policy that nobody could meet */
export function checkPolicy(policy: ApprovalPolicy): ApprovalPolicy {
  const { need, withinMs } = policy;
  if (need !== undefined && !(Number.isSafeInteger(need) && need > 0))
    throw new TypeError('need must be a whole number from 1');
  if (withinMs !== undefined && !(withinMs > 0)) throw new TypeError('withinMs must be above 0');
  return policy;
}

export function toAsk({ callId, name: tool, input = null, approval }: ToolPart): ApprovalAsk {
  return { approvalId: approval?.id ?? '', callId, tool, input };
}

/** Binds what is asked to the arguments and to the policy: what everybody may know of it goes into the log. */
export async function bindApproval(
  { callId, input = null, approval }: ToolPart,
  policy: ApprovalPolicy,
  now: number,
): Promise<string> {
  const { who, need, withinMs, edit } = policy;
  const asked = approval?.until ?? Infinity;
  const until = Math.min(asked, now + (withinMs ?? Infinity));
  const bound = compact({
    tool: callId,
    digest: await digestOf(input),
    until: until === Infinity ? undefined : until,
    need,
    who: who as JsonObject | undefined,
    editable: edit === undefined || (need ?? 1) > 1 ? undefined : true,
  });
  return control(['ask', approval?.id ?? '', bound]);
}
