import { isObject, type JsonObject, type JsonValue } from '@holdfast/codec';
import type { PlainEvent } from './any-event.ts';
import { FRAMEWORK } from './marks.ts';

/** Why the model's turn is over, and what else a `RUN_FINISHED` says about it; ids and times are the log's own. */
export function toFinish({
  type: _type,
  threadId: _threadId,
  runId: _runId,
  timestamp: _timestamp,
  rawEvent: _rawEvent,
  finishReason,
  usage,
  outcome,
  metadata,
  ...more
}: PlainEvent): readonly [reason: JsonValue, fields: JsonObject] {
  const x = { ...more, ...(isNews(metadata) && { metadata }) };
  return [
    finishReason ?? null,
    {
      ...(usage !== undefined && { usage }),
      ...(outcome !== undefined && { outcome }),
      ...(Object.keys(x).length > 0 && { x: { [FRAMEWORK]: x } }),
    },
  ];
}

/** The reason travels in the metadata too. */
function isNews(metadata: JsonValue | undefined): metadata is JsonObject {
  if (!isObject(metadata)) return false;
  const { tanstack, ...others } = metadata;
  const { finishReason: _reason, ...rest } = isObject(tanstack) ? tanstack : {};
  return Object.keys(others).length + Object.keys(rest).length > 0;
}
