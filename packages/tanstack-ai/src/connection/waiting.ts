import type { Part, ToolPart } from '@holdfast/codec';
import type { Run, Session } from '@holdfast/core';
import type { Interrupt } from '@tanstack/ai/client';
import { interruptsOf } from '../codec/finished.ts';
import { isInterruptCall } from '../codec/interrupt-call.ts';

/** A call that waits for somebody outside of the agent, with what asks for it. */
export interface Waiting {
  readonly call: ToolPart;
  readonly interrupt: Interrupt;
}

/** What a suspended run waits for, whoever is to give it. */
export function waitingOf(session: Pick<Session, 'message'>, { status, output }: Run): readonly Waiting[] {
  const message = status === 'suspended' && output !== undefined ? session.message(output) : undefined;
  if (message === undefined) return [];
  const described = interruptsOf(message);
  return message.parts.filter(isWaiting).map((call) => {
    const asks = (each: Interrupt): boolean => (each.toolCallId ?? each.id) === call.callId;
    const until = call.state === 'asked' ? call.approval?.until : call.until;
    const deadline = until === undefined ? {} : { expiresAt: new Date(until).toISOString() };
    return { call, interrupt: { ...(described.find(asks) ?? describe(call)), ...deadline } };
  });
}

/**
 * What of it this device may give now. Calls that it is to run come first and by themselves: a chat answers all that it is
 * asked at once, and what people have to decide must not hold up their outputs.
 */
export function waitingHere(session: Session, run: Run, answered: ReadonlySet<string>): readonly Waiting[] {
  const waiting = waitingOf(session, run).filter(
    ({ call }) => !answered.has(callKey(run, call)) && !hasDecided(session, call),
  );
  const own = waiting.filter(
    ({ call: { state, device } }) => state === 'proposed' && device === session.device,
  );
  const tools = own.filter(({ call }) => !isInterruptCall(call));
  return tools.length > 0
    ? tools
    : waiting.filter((each) => each.call.state === 'asked' || own.includes(each));
}

/** A call as it stands: one whose decision was refused may be decided again. */
export function callKey({ id }: Pick<Run, 'id'>, { callId, decisions = [] }: ToolPart): string {
  return `${id} ${callId} ${decisions.length}`;
}

/** This person's vote counts, and others are waited for. */
function hasDecided({ clientId: me }: Session, { decisions = [] }: ToolPart): boolean {
  return (
    me !== undefined && decisions.some(({ clientId, refused }) => clientId === me && refused === undefined)
  );
}

function isWaiting(part: Part): part is ToolPart {
  return (
    part.type === 'tool' && (part.state === 'asked' || (part.state === 'proposed' && part.by === undefined))
  );
}

/** An agent of another framework has not described what it waits for. */
function describe({ callId, name, input = {}, approval, state }: ToolPart): Interrupt {
  const isApproval = state === 'asked';
  return {
    id: isApproval ? (approval?.id ?? callId) : `client_tool_${callId}`,
    reason: isApproval ? 'approval_required' : 'client_tool_input',
    toolCallId: callId,
    ...(approval?.requestReason !== undefined && { message: approval.requestReason }),
    metadata: { kind: isApproval ? 'approval' : 'client_tool', toolName: name, input },
  };
}
