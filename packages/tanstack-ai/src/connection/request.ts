import { SessionError, type MessageId, type Run, type RunId, type Session } from '@holdfast/core';
import type { ModelMessage, UIMessage } from '@tanstack/ai/client';
import type { RunAgentInputContext } from '@tanstack/ai-client';
import { answer } from './answer.ts';
import { fromMessage } from './from-message.ts';

/** What a chat asked for and waits to see the end of. */
export interface Request {
  /** What the chat calls the run. */
  readonly name: string;
  readonly thread: string;
  /** What the chat called it before it was interrupted. */
  readonly parent?: string;
  /** Absent where nothing is to be done. */
  readonly run?: RunId;
  /** The length of the run's log when it was asked to go on. */
  readonly from: number;
  readonly stored: Promise<unknown>;
  isStored: boolean;
}

export interface RequestContext {
  readonly session: Session;
  /** The session's run behind what the chat calls one. */
  readonly findRun: (name: string) => Run | undefined;
  /** Calls that this chat has answered. */
  readonly answered: Set<string>;
}

/**
 * Turns what a chat sends into records. Of its messages only the last one may be news; the rest, and whatever comes beside
 * them, goes nowhere.
 *
 * @throws SessionError `not_found`, `invalid`
 */
export function request(
  context: RequestContext,
  messages: readonly (UIMessage | ModelMessage)[],
  { runId: name, threadId: thread, parentRunId: parent, resume }: RunAgentInputContext,
): Request {
  const { session, findRun, answered } = context;
  const asked = (run: RunId | undefined, from: number, stored: Promise<unknown>): Request => ({
    name,
    thread,
    from,
    ...(run !== undefined && { run }),
    stored,
    isStored: false,
    ...(parent !== undefined && { parent }),
  });
  if (resume !== undefined && resume.length > 0) {
    const run = parent === undefined ? undefined : findRun(parent);
    if (run === undefined) throw new SessionError('not_found', 'The session has no run that waits for this.');
    return asked(run.id, run.length, answer(session, run, resume, answered));
  }
  const last = messages.at(-1);
  if (last === undefined || !('parts' in last)) throw new TypeError('send: messages must be UI messages');
  // What a chat continues by itself after a tool, the agent continues too.
  if (last.role === 'assistant') return asked(undefined, 0, Promise.resolve());
  const id = last.id as string as MessageId;
  const run = name as string as RunId;
  const known = session.message(id);
  if (known?.delivery === 'failed' && session.unsent) {
    const again = session.unsent.resend(id);
    return asked(again.run, 0, again.stored);
  }
  const { stored } = known
    ? session.regenerate({ input: id }, { run })
    : session.send({ id, role: last.role, ...fromMessage(last) }, { run });
  return asked(run, 0, stored);
}
