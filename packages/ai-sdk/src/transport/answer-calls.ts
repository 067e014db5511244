import type { JsonValue } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { ToolPart } from '@holdfast/codec';
import { isEnded, SessionError } from '@holdfast/core';
import type { AnswerRecord, MessageId, Session } from '@holdfast/core';
import type { DynamicToolUIPart, ToolUIPart, UIMessage } from 'ai';
import { isSame } from '../codec/is-same.ts';
import { retry } from './retry.ts';
import type { RunRequest } from './run-request.ts';

/**
 * Tool outputs and approval decisions reach a transport only as changed parts of a message: what the session doesn't know
 * of them yet becomes `answer` records. Then the run goes on.
 */
export function answerCalls(session: Session, message: UIMessage): RunRequest {
  const id = message.id as string as MessageId;
  const run = session.snapshot.runs.find(({ output }) => output === id);
  if (run === undefined) throw new SessionError('not_found', 'The session has no such answer.');
  const calls = new Map<string, ToolPart>();
  const content = session.message(id) ?? { parts: [] };
  for (const part of content.parts) if (part.type === 'tool') calls.set(part.callId, part);
  const from = { content, length: run.length };
  const answers = message.parts.flatMap((part) => {
    const call = 'toolCallId' in part ? calls.get(part.toolCallId) : undefined;
    const answer = call && answerOf(part as ToolUIPart, call);
    return call === undefined || answer === undefined ? [] : [{ call, answer }];
  });
  if (answers.some(({ call, answer }) => answer.type !== 'approval' && isElsewhere(session, call)))
    throw new SessionError('forbidden', 'Only the device that asked may answer this call.');
  if (answers.length === 0 && isEnded(run.status)) {
    // A chat that sends by itself would do so for ever if this looked like an answer. And a message that is begun can't
    // become another one within a stream: what is written anew is there to be resumed.
    if (run.status !== 'complete') retry(session, run.input);
    throw new DOMException('The answer is over.', 'AbortError');
  }
  const own = new Set<string | undefined>();
  const stored = answers.map(async ({ call: { callId }, answer }) => {
    own.add((await session.answer({ run: run.id, callId }, answer)).serial);
  });
  const refusal = (): string | undefined =>
    session
      .message(id)
      ?.parts.flatMap((part) => (part.type === 'tool' && part.state === 'asked' && part.decisions) || [])
      .find(({ serial, refused }) => refused !== undefined && own.has(serial))?.why;
  return { run: run.id, from, stored: Promise.all(stored), refusal };
}

/** P18 */
function isElsewhere(session: Session, { device }: ToolPart): boolean {
  return device !== undefined && device !== session.device;
}

type Approval = Extract<AnswerRecord['answer'], { type: 'approval' }>;

function answerOf(
  part: ToolUIPart | DynamicToolUIPart,
  { state, input, approval }: ToolPart,
): AnswerRecord['answer'] | undefined {
  if (state === 'asked' && part.state === 'approval-responded') {
    const { id: approvalId, approved: ok, reason } = part.approval;
    // What the chat shows is what was decided about.
    const digest = isSame(part.input as JsonValue, input) ? approval?.digest : undefined;
    return compact<Approval>({ type: 'approval', approvalId, ok, reason, digest });
  }
  if (state !== 'proposed' && state !== 'input') return undefined;
  if (part.state === 'output-error') return { type: 'error', error: part.errorText };
  return part.state === 'output-available'
    ? { type: 'output', output: (part.output ?? null) as JsonValue }
    : undefined;
}
