import { isObject, type JsonObject, type ToolPart } from '@holdfast/codec';
import { own } from './show-call.ts';

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
