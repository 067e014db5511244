import { isObject, toPlain, type JsonObject, type ToolPart } from '@holdfast/codec';
import type { AnyEvent } from './any-event.ts';
import type { AnswerLog } from './answer-log.ts';
import { FRAMEWORK } from './marks.ts';
import { own } from './show-call.ts';

/**
 * What an agent asks for that is about no tool call travels as a call all the same, named so, which the device that asked
 * answers: frameworks without such a notion show it as a call of a tool that they don't have. Chats of this one show the
 * interrupt alone.
 */
const NAME = 'interrupt';

/** Writes the interrupts of a run's end that are about no call. */
export function writeInterrupts(log: AnswerLog, { type, outcome }: AnyEvent): void {
  if (type !== 'RUN_FINISHED') return;
  for (const interrupt of readInterrupts(outcome)) {
    const { id, toolCallId, ...asked } = interrupt;
    const isKnown = log.content.parts.some((part) => part.type === 'tool' && part.callId === id);
    if (typeof id !== 'string' || toolCallId !== undefined || isKnown) continue;
    const n = log.open('input', { id, name: NAME, x: { [FRAMEWORK]: { interrupt: true } } });
    log.control('call', id, { n, input: toPlain(asked) });
  }
}

/** The interrupts that a run ended with, as they were described. */
export function readInterrupts(outcome: unknown): readonly JsonObject[] {
  if (!isObject(outcome) || outcome['type'] !== 'interrupt' || !Array.isArray(outcome['interrupts']))
    return [];
  return (outcome['interrupts'] as readonly unknown[]).filter((each): each is JsonObject => isObject(each));
}

/** Whether a call stands for an interrupt that is about no tool. */
export function isInterruptCall(part: ToolPart): boolean {
  return own(part)['interrupt'] === true;
}
