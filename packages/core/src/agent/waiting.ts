import { control } from '@holdfast/codec';
import type { Part, ToolPart } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import type { AnswerState, Projection } from '../projection/types.ts';
import { answerIdOf } from '../records/answer-id.ts';
import { parseRecord } from '../records/parse.ts';
import type { AnswerRecord } from '../records.ts';

/** Calls that wait for somebody outside of the agent: an approval, or a result from a client. */
export function waitingCalls(parts: readonly Part[]): readonly ToolPart[] {
  return parts.filter(
    (part): part is ToolPart =>
      part.type === 'tool' &&
      (part.state === 'asked' || (part.state === 'proposed' && part.by === undefined)),
  );
}

/**
 * What a suspended run's agent writes before it goes on: its verdict on each call that waited (P17). Undefined while one
 * has no answer yet, or where nothing waits.
 */
export function verdicts(projection: Projection, run: RunId): string | undefined {
  const calls = waitingCalls(projection.message(answerIdOf(run))?.parts ?? []);
  if (calls.length === 0) return undefined;
  const answers = projection.answers(run);
  let log = '';
  for (const call of calls) {
    const answer = answers.find((each) => each.outcome === 'provisional' && isFor(each, call));
    const record = answer === undefined ? undefined : readAnswer(projection, answer);
    if (answer === undefined || record === undefined) return undefined;
    log += verdict(call.callId, answer, record);
  }
  return log;
}

function isFor({ callId, approvalId }: AnswerState, call: ToolPart): boolean {
  return call.state === 'asked'
    ? approvalId === call.approval?.id
    : callId === call.callId && approvalId === undefined;
}

function readAnswer(projection: Projection, { record: id }: AnswerState): AnswerRecord | undefined {
  const message = projection.record(id);
  const parsed = message === undefined ? undefined : parseRecord(message);
  return parsed?.ok === true && parsed.record.kind === 'answer' ? parsed.record : undefined;
}

function verdict(callId: string, { record, clientId }: AnswerState, { answer }: AnswerRecord): string {
  // Not `by`, which says who runs the call.
  const decided = { record, ...(clientId !== undefined && { clientId }) };
  switch (answer.type) {
    case 'approval': {
      const { approvalId, ok, reason, digest } = answer;
      const why = { ...(reason !== undefined && { reason }), ...(digest !== undefined && { digest }) };
      return control(['answer', approvalId, { ...decided, ok, ...why }]);
    }
    case 'output':
      return control(['result', callId, { ...decided, output: answer.output }]);
    case 'error':
      return control(['result', callId, { ...decided, error: answer.error }]);
  }
}
