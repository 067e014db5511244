import { anyText, anything, flag, isJsonObject, oneOf, optional, shape, text } from './guard.ts';
import type { Guard } from './guard.ts';

const typed = shape({ type: oneOf('approval', 'output', 'error') });
const approval = shape({ approvalId: text, ok: flag, reason: optional(anyText), digest: optional(anyText) });
const output = shape({ output: anything });
const error = shape({ error: anyText });

/** An approval decision, or a client tool's result. */
export const answer: Guard = (value) => {
  const type = isJsonObject(value) ? value['type'] : undefined;
  return typed(value) ?? (type === 'approval' ? approval : type === 'output' ? output : error)(value);
};
