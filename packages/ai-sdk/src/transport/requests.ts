import type { ContentMessage } from '@holdfast/codec';
import { SessionError } from '@holdfast/core';
import type { MessageId, Session } from '@holdfast/core';
import type { UIMessage } from 'ai';
import { fromMessage } from '../codec/from-message.ts';
import { toUIMessage } from '../codec/to-ui-message.ts';
import { unfinishedRuns } from './active-run.ts';
import { answerCalls } from './answer-calls.ts';
import { retry } from './retry.ts';
import type { RunRequest } from './run-request.ts';

export interface RequestTarget {
  /** The chat's list, which an edit or a regeneration has cut. */
  readonly messages: readonly UIMessage[];
  readonly messageId: string | undefined;
}

/** What `sendMessage` means: a new message, an edit, a retry, or tool outputs and approvals. */
export function submit(
  session: Session,
  { messages, messageId }: RequestTarget,
  to: string | undefined,
): RunRequest {
  const target = messageId === undefined ? messages.at(-1) : messages.find(({ id }) => id === messageId);
  if (target === undefined) throw new TypeError('sendMessages: there is no message to send');
  if (target.role === 'assistant') return answerCalls(session, target);
  const message = fromMessage(target);
  const id = message.id as string as MessageId;
  const known = session.message(id);
  if (known !== undefined) {
    if (textOf(known) === textOf(message)) return retry(session, id);
    cut(session, id);
  }
  return session.send(
    { ...message, id, role: message.role === 'system' ? 'system' : 'user' },
    to === undefined ? {} : { to },
  );
}

/** What `regenerate` means: a sibling of the message it names, or of the last answer. */
export function regenerate(session: Session, { messages, messageId }: RequestTarget): RunRequest {
  const id = (messageId ?? messages.findLast(({ role }) => role === 'user')?.id) as string as MessageId;
  const target = session.message(id);
  if (target === undefined) throw new SessionError('not_found', 'The session has no such message.');
  if (target.delivery === 'failed') return retry(session, id);
  cut(session, id);
  return session.regenerate(target.role === 'assistant' ? { output: id } : { input: id });
}

/** What was asked from a message on, and is cut off with it, needs no answer any more. */
function cut(session: Session, from: MessageId): void {
  const { messages } = session.snapshot;
  const at = messages.findIndex(({ id }) => id === from);
  const gone = new Set(at < 0 ? [] : messages.slice(at).map(({ id }) => id));
  for (const { id, input, author } of unfinishedRuns(session))
    if (gone.has(input) && author.clientId === session.clientId) session.cancel(id).catch(() => {});
}

/** What a message says, in one form whoever wrote it. */
function textOf(message: ContentMessage): string {
  const { parts, metadata } = toUIMessage(message);
  return JSON.stringify([parts, metadata]);
}
