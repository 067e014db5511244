import type { JsonObject, JsonValue } from './json.ts';

/**
 * A control as it travels, between RS and LF: a number selects a part, a string is literal text for the selected part,
 * an array is a verb with its subject and fields. Unknown verbs are skipped and kept.
 */
export type Frame = number | string | Control;

export type Control = readonly [verb: string, subject: unknown, fields?: JsonObject];

/** Version of the frame log's format, carried in the `format` header of every `output` message. */
export const FRAME_LOG_FORMAT = '1';

/** Record separator: begins a control, and never stands in text. */
export const RS = '\u001e';

/** Ends a control. */
export const LF = '\n';

/**
 * One frame as it stands in a log. JSON escapes RS, LF and unpaired surrogates, so the first LF ends the control and the
 * next RS begins another one. A subject or field of `undefined` becomes null or is left out.
 */
export function control(frame: Frame): string {
  return RS + JSON.stringify(frame) + LF;
}

/** A control's verb, subject and fields out of the JSON between RS and LF; undefined where it is broken. Never throws. */
export function parseFrame(json: string): Frame | undefined {
  let frame: JsonValue;
  try {
    frame = JSON.parse(json) as JsonValue;
  } catch {
    return undefined;
  }
  if (typeof frame === 'number' || typeof frame === 'string') return frame;
  if (!Array.isArray(frame)) return undefined;
  const [verb, subject = null, fields] = frame as readonly JsonValue[];
  if (typeof verb !== 'string') return undefined;
  return isObject(fields) ? [verb, subject, fields] : [verb, subject];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
