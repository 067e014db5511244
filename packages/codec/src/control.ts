import type { JsonObject } from './json.ts';

/**
 * A control as it travels, between RS and LF: a number selects a part, a string is literal text for the selected part,
 * an array is a verb with its subject and fields. Unknown verbs are skipped and kept.
 */
export type Frame = number | string | Control;

export type Control = readonly [verb: string, subject: unknown, fields?: JsonObject];

/** Version of the frame log's format, carried in the `format` header of every `output` message. */
export const FRAME_LOG_FORMAT = '1';
