import { isObject, type JsonObject } from '@holdfast/codec';
import { isSame } from './is-same.ts';
import { proposeCall, proposeResult } from './propose-call.ts';
import type { Proposal } from './proposal.ts';

/** Leads a reader from one state of a part to another; false where there are no events for that. */
export function proposePart(proposal: Proposal, part: JsonObject, before: JsonObject | undefined): boolean {
  if (before !== undefined && before['type'] !== part['type']) return false;
  switch (part['type']) {
    case 'text':
      return proposeText(proposal, part);
    case 'thinking':
      return proposeThinking(proposal, part, before);
    case 'tool-call':
      return proposeCall(proposal, part, before);
    case 'tool-result':
      return proposeResult(proposal, part);
    case 'structured-output':
      return proposeStructured(proposal, part, before);
    case 'ui-resource':
      if (before === undefined) proposal.emit({ type: 'CUSTOM', name: 'ui-resource', value: part });
      return before === undefined;
    default:
      return false;
  }
}

function proposeText({ messageId, tracker, emit }: Proposal, { content }: JsonObject): boolean {
  const { segment = '' } = tracker.known.get(messageId) ?? {};
  if (typeof content !== 'string' || !content.startsWith(segment)) return false;
  const delta = content.slice(segment.length);
  if (delta !== '') emit({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta });
  return true;
}

function proposeThinking(
  { messageId, tracker, emit }: Proposal,
  { stepId, content, signature }: JsonObject,
  before: JsonObject | undefined,
): boolean {
  if (typeof stepId !== 'string' || typeof content !== 'string') return false;
  const knownText = (): string | undefined => tracker.known.get(messageId)?.steps.get(stepId);
  if (tracker.step !== stepId || knownText() === undefined) emit({ type: 'STEP_STARTED', stepName: stepId });
  const text = knownText() ?? '';
  if (!content.startsWith(text)) return false;
  const delta = content.slice(text.length);
  if (delta !== '') emit({ type: 'REASONING_MESSAGE_CONTENT', messageId: stepId, delta });
  if (signature !== undefined && signature !== before?.['signature'])
    emit({
      type: 'REASONING_ENCRYPTED_VALUE',
      subtype: 'message',
      entityId: stepId,
      encryptedValue: signature,
    });
  return true;
}

function proposeStructured(
  { messageId, tracker, emit }: Proposal,
  part: JsonObject,
  before: JsonObject | undefined,
): boolean {
  const { status, raw, data, reasoning } = part;
  const had = isObject(before) && typeof before['raw'] === 'string' ? before['raw'] : '';
  if (typeof raw !== 'string' || status === 'error') return false;
  if (raw.startsWith(had) && raw !== had) {
    if (tracker.known.get(messageId)?.isStructured !== true)
      emit({ type: 'CUSTOM', name: 'structured-output.start', value: { messageId } });
    emit({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: raw.slice(had.length) });
  }
  if (status === 'complete' && !isSame(part, before)) {
    const value = { messageId, object: data, raw, ...(reasoning !== undefined && { reasoning }) };
    emit({ type: 'CUSTOM', name: 'structured-output.complete', value });
  }
  return true;
}
