import { isObject, type JsonObject, type JsonValue } from '@holdfast/codec';
import type { AnyChunk } from './any-chunk.ts';
import { pick } from './fields.ts';
import { isSame } from './is-same.ts';

/**
 * What became of a call whose input the reader has: approval, result, denial. `was` is what the reader has of that, and
 * `hasText` says that it has the input as text that still streams.
 */
export function outcomeChunks(ui: JsonObject, was: JsonObject, hasText: boolean): readonly AnyChunk[] {
  const { state, toolCallId, rawInput, output, errorText } = ui;
  const told = { toolCallId, ...pick(ui, 'providerExecuted', 'toolMetadata') };
  const resultPm = providerMetadata(ui['resultProviderMetadata']);
  const result = { type: 'tool-output-available', ...told, output, ...pick(ui, 'preliminary'), ...resultPm };
  if (state === 'output-available') return [...approvalChunks(ui, was), result];
  const isFailure = state === 'output-error';
  const isStale = !isSame(output, was['output']) || 'errorText' in was;
  // An output makes the input complete, and takes the place of what the reader had.
  const completes = (hasText && rawInput === undefined) || (!isFailure && isStale);
  const chunks: AnyChunk[] = completes ? [result] : [];
  // It has undone the state that an approval gave.
  const isAnew = completes && (state === 'approval-requested' || state === 'approval-responded');
  chunks.push(...approvalChunks(ui, isAnew ? {} : was));
  if (isFailure) chunks.push({ type: 'tool-output-error', ...told, errorText, ...resultPm });
  else if (state === 'output-denied') chunks.push({ type: 'tool-output-denied', toolCallId });
  return chunks;
}

function approvalChunks(ui: JsonObject, was: JsonObject): AnyChunk[] {
  const { toolCallId, approval } = ui;
  const before = was['approval'];
  if (!isObject(approval) || isSame(approval, before)) return [];
  const { id: approvalId, approved, reason, requestReason, descriptor, ...asked } = approval;
  const chunks: AnyChunk[] = [];
  if (!isObject(before) || before['id'] !== approvalId || 'approved' in before)
    chunks.push({
      type: 'tool-approval-request',
      approvalId,
      toolCallId,
      ...asked,
      ...(requestReason !== undefined && { reason: requestReason }),
      ...(descriptor !== undefined && { approvalDescriptor: descriptor }),
    });
  if (approved !== undefined)
    chunks.push({
      type: 'tool-approval-response',
      approvalId,
      approved,
      ...(reason !== undefined && { reason }),
      ...pick(ui, 'providerExecuted'),
      ...providerMetadata(ui['callProviderMetadata']),
    });
  return chunks;
}

export function providerMetadata(metadata: JsonValue | undefined): JsonObject {
  return metadata === undefined ? {} : { providerMetadata: metadata };
}
