import type { ContentMessage } from '@holdfast/codec';
import type { RunAgentResumeItem } from '@tanstack/ai/client';
import { isInterruptCall } from '../codec/interrupt-call.ts';

/** What was answered to the interrupts of an answer that are about no tool call. */
export function resumeItems({ parts }: Pick<ContentMessage, 'parts'>): readonly RunAgentResumeItem[] {
  return parts.filter(isInterruptCall).flatMap(({ callId, state, output }): RunAgentResumeItem[] => {
    if (state === 'result') return [{ interruptId: callId, status: 'resolved', payload: output ?? null }];
    return state === 'error' ? [{ interruptId: callId, status: 'cancelled' }] : [];
  });
}
