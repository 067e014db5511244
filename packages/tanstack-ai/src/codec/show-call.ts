import type { JsonObject, JsonValue, ToolPart } from '@holdfast/codec';

/** A call as a chat shows it. */
export function showCall(part: ToolPart): JsonObject {
  const { callId, name, state, input, output, error, approval } = part;
  const metadata = own(part)['metadata'];
  return {
    type: 'tool-call',
    id: callId,
    name,
    arguments: argumentsOf(part),
    state: stateOf(part),
    ...(approval !== undefined && {
      approval: {
        id: approval.id,
        needsApproval: true,
        ...(approval.ok !== undefined && { approved: approval.ok }),
      },
    }),
    ...(state === 'result' && { output: output ?? null }),
    ...(state === 'error' && { output: { error: error ?? '' } }),
    ...(state !== 'input' && input !== undefined && { input }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** The part that stands for a call's result; undefined while there is none. */
export function showResult(part: ToolPart): JsonObject | undefined {
  const { callId: toolCallId, state, output, error } = part;
  if (state === 'error') {
    const content = JSON.stringify({ error: error ?? '' });
    return { type: 'tool-result', toolCallId, content, state: 'error', ...(error ? { error } : {}) };
  }
  if (state !== 'result') return undefined;
  return { type: 'tool-result', toolCallId, content: toContent(output), state: 'complete' };
}

/** What this framework says of a part beside the neutral fields. */
export function own({ x }: { readonly x?: JsonObject }): JsonObject {
  const fields = x?.['tanstack-ai'];
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
    ? (fields as JsonObject)
    : {};
}

function argumentsOf({ state, inputText, input }: ToolPart): string {
  if (state === 'input' || input === undefined) return inputText ?? '';
  return JSON.stringify(input);
}

function stateOf({ state, inputText }: ToolPart): string {
  switch (state) {
    case 'input':
      return inputText === undefined || inputText === '' ? 'awaiting-input' : 'input-streaming';
    case 'proposed':
    case 'running':
      return 'input-complete';
    case 'asked':
      return 'approval-requested';
    case 'approved':
    case 'denied':
      return 'approval-responded';
    case 'result':
      return 'complete';
    case 'error':
      return 'error';
  }
}

function toContent(output: JsonValue | undefined): string {
  return typeof output === 'string' ? output : JSON.stringify(output ?? null);
}
