import type { ContentMessage } from '@holdfast/codec';
import type { RunAgentResumeItem } from '@tanstack/ai/client';
import { isInterruptCall } from '../codec/interrupt-call.ts';

/** What was answered to the interrupts of an answer that are about no tool call. */
export function resumeItems({ parts }: Pick<ContentMessage, 'parts'>): readonly RunAgentResumeItem[] {
  return parts.flatMap((part): RunAgentResumeItem[] => {
    if (part.type !== 'tool' || !isInterruptCall(part)) return [];
    const { callId, state, output } = part;
    if (state === 'result') return [{ interruptId: callId, status: 'resolved', payload: output ?? null }];
    return state === 'error' ? [{ interruptId: callId, status: 'cancelled' }] : [];
  });
}
