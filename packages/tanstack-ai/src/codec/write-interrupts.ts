import { toPlain } from '@holdfast/codec';
import type { AnyEvent } from './any-event.ts';
import type { AnswerLog } from './answer-log.ts';
import { readInterrupts } from './interrupt-call.ts';
import { FRAMEWORK } from './marks.ts';

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
