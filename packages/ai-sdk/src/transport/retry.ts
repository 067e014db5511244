import { isEnded } from '@holdfast/core';
import type { MessageId, Session } from '@holdfast/core';
import type { RunRequest } from './run-request.ts';

/** The run that answers a message already; another one where that has come to a bad end. What was never sent is sent. */
export function retry(session: Session, input: MessageId): RunRequest {
  const { unsent } = session;
  if (unsent && session.message(input)?.delivery === 'failed') return unsent.resend(input);
  const last = session.snapshot.runs.findLast((run) => run.input === input);
  return last !== undefined && (!isEnded(last.status) || last.status === 'complete')
    ? { run: last.id }
    : session.regenerate({ input });
}
