import type { JsonObject } from '@holdfast/codec';
import type { AnyEvent } from './any-event.ts';
import type { AnswerLog } from './answer-log.ts';
import { FRAMEWORK } from './marks.ts';

/** What one part of message `at` is to become. */
export interface PartWriting {
  readonly log: AnswerLog;
  readonly at: number;
  readonly event: AnyEvent;
  /** The fields that place a new part in its message, where that is not the last one. */
  readonly place: JsonObject;
}

/** `x` of a part, with what places it. */
export function toX(place: JsonObject, fields: JsonObject = {}): JsonObject {
  const own = { ...place, ...fields };
  return Object.keys(own).length > 0 ? { x: { [FRAMEWORK]: own } } : {};
}
