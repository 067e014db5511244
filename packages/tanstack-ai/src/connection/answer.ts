import { compact, isObject, toPlain } from '@holdfast/codec';
import type { AnswerRecord, Run, Session } from '@holdfast/core';
import type { RunAgentResumeItem } from '@tanstack/ai/client';
import { isInterruptCall } from '../codec/interrupt-call.ts';
import { callKey, waitingOf, type Waiting } from './waiting.ts';

/** Answers what a chat resumes a run with. Resolves when the session has stored all of it. */
export async function answer(
  session: Session,
  run: Run,
  resume: readonly RunAgentResumeItem[],
  answered: Set<string>,
): Promise<void> {
  const waiting = waitingOf(session, run);
  const stored = resume.map((item) => {
    const found = waiting.find(({ interrupt }) => interrupt.id === item.interruptId);
    // Somebody else has decided meanwhile.
    if (found === undefined) return Promise.resolve();
    const key = callKey(run, found.call);
    answered.add(key);
    const answering = session.answer({ run: run.id, callId: found.call.callId }, toAnswer(found, item));
    return answering.catch((error: unknown) => {
      // What was refused is asked again.
      answered.delete(key);
      throw error;
    });
  });
  await Promise.all(stored);
}

type Approval = Extract<AnswerRecord['answer'], { type: 'approval' }>;

function toAnswer(
  { call, interrupt }: Waiting,
  { status, payload }: RunAgentResumeItem,
): AnswerRecord['answer'] {
  const isCancelled = status === 'cancelled';
  const said: unknown = payload;
  if (call.state === 'asked') {
    const ok = !isCancelled && (said === true || (isObject(said) && said['approved'] === true));
    const { reason, editedArgs } = isObject(said) ? said : {};
    // Where the agent takes no other arguments, its verdict says so.
    return compact<Approval>({
      type: 'approval',
      approvalId: interrupt.id,
      ok,
      reason: typeof reason === 'string' ? reason : undefined,
      input: ok && editedArgs !== undefined ? toPlain(editedArgs) : undefined,
      digest: call.approval?.digest,
    });
  }
  if (isCancelled) return { type: 'error', error: 'The call was cancelled.' };
  if (isInterruptCall(call)) return { type: 'output', output: toPlain(said) };
  const error = isObject(said) && Object.keys(said).length === 1 ? said['error'] : undefined;
  return typeof error === 'string' ? { type: 'error', error } : { type: 'output', output: toPlain(said) };
}
