import { isObject, parseInput, type JsonObject } from '@holdfast/codec';
import { isSame } from './is-same.ts';
import type { Proposal } from './proposal.ts';

const STREAMING: ReadonlySet<unknown> = new Set(['awaiting-input', 'input-streaming']);

/** A call, but for its result, which is a part of its own. */
export function proposeCall(
  { messageId, tracker, emit }: Proposal,
  part: JsonObject,
  before: JsonObject | undefined,
): boolean {
  const { id, name, arguments: text, state, input, approval, metadata } = part;
  if (typeof id !== 'string' || typeof text !== 'string') return false;
  const wasStreaming = before === undefined || STREAMING.has(before['state']);
  const isStreaming = STREAMING.has(state);
  if (wasStreaming) {
    const seen = (): string | undefined => tracker.known.get(messageId)?.calls.get(id);
    if (seen() === undefined)
      emit({
        type: 'TOOL_CALL_START',
        toolCallId: id,
        toolCallName: name,
        toolName: name,
        parentMessageId: messageId,
        ...(metadata !== undefined && { metadata }),
      });
    const known = seen() ?? '';
    if (!text.startsWith(known)) return false;
    const delta = text.slice(known.length);
    if (delta !== '') emit({ type: 'TOOL_CALL_ARGS', toolCallId: id, delta });
    if (!isStreaming) emit({ type: 'TOOL_CALL_END', toolCallId: id, ...inputOf(text, input) });
  }
  const { thoughtSignature } = isObject(metadata) ? metadata : {};
  const was = before?.['metadata'];
  if (before !== undefined && thoughtSignature !== undefined && !isSame(metadata, was))
    emit({
      type: 'REASONING_ENCRYPTED_VALUE',
      subtype: 'tool-call',
      entityId: id,
      encryptedValue: thoughtSignature,
    });
  if (isObject(approval) && approval['id'] !== approvalOf(before))
    emit({
      type: 'CUSTOM',
      name: 'approval-requested',
      value: {
        toolCallId: id,
        toolName: name,
        input: input ?? {},
        approval: { id: approval['id'], needsApproval: true },
      },
    });
  return true;
}

export function proposeResult({ messageId, emit }: Proposal, part: JsonObject): boolean {
  const { toolCallId, content, state } = part;
  if (typeof content !== 'string') return false;
  const metadata = state === 'error' ? { metadata: { tanstack: { state: 'output-error' } } } : {};
  emit({ type: 'TOOL_CALL_RESULT', messageId, toolCallId, content, role: 'tool', ...metadata });
  return true;
}

/** What the arguments say already is not said again. */
function inputOf(text: string, input: unknown): object {
  return input === undefined || isSame(parseInput(text), input) ? {} : { input };
}

function approvalOf(part: JsonObject | undefined): unknown {
  return isObject(part?.['approval']) ? part['approval']['id'] : undefined;
}
