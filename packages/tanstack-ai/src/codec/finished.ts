import { isObject, type Content, type JsonObject, type ToolPart } from '@holdfast/codec';
import type { Interrupt } from '@tanstack/ai/client';
import type { AnyEvent } from './any-event.ts';
import { FRAMEWORK } from './marks.ts';

/** The event that says how the model's last turn ended; interrupts that are settled in the message are left out. */
export function toFinished({ id = 'run', parts, finish = {} }: Content): AnyEvent {
  const { reason, usage, outcome, x } = finish;
  const more = isObject(x) ? x[FRAMEWORK] : undefined;
  const waiting = interruptsOf({ parts, finish });
  const isInterrupt = isObject(outcome) && outcome['type'] === 'interrupt';
  return {
    type: 'RUN_FINISHED',
    threadId: id,
    runId: id,
    finishReason: reason ?? null,
    ...(usage !== undefined && { usage }),
    ...(isObject(more) && more),
    ...(isInterrupt && waiting.length > 0 && { outcome: { type: 'interrupt', interrupts: waiting } }),
    ...(outcome !== undefined && !isInterrupt && { outcome }),
  };
}

/** The interrupts of an answer that nobody has settled yet, as the framework described them. */
export function interruptsOf({ parts, finish }: Pick<Content, 'parts' | 'finish'>): readonly Interrupt[] {
  const outcome = finish?.['outcome'];
  const described = isObject(outcome) && Array.isArray(outcome['interrupts']) ? outcome['interrupts'] : [];
  const calls = new Map<unknown, ToolPart>(
    parts.flatMap((part) => (part.type === 'tool' ? [[part.callId, part] as const] : [])),
  );
  return described.filter((each): each is Interrupt & JsonObject => {
    if (!isObject(each) || typeof each['id'] !== 'string') return false;
    // What is about no call has one of its own.
    const call = calls.get(each['toolCallId'] ?? each['id']);
    return call === undefined || isWaiting(call, each['id']);
  });
}

/** Whether a call waits for what an interrupt asks for. */
function isWaiting({ state, approval }: ToolPart, interrupt: string): boolean {
  return state === 'proposed' || (state === 'asked' && approval?.id === interrupt);
}
