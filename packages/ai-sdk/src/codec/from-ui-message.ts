import { isObject, type ContentMessage, type JsonObject, type Part } from '@holdfast/codec';
import type { UIMessage } from 'ai';
import { FRAMEWORK, toFields, type Names } from './fields.ts';
import { rowOf } from './table.ts';
import { PARTS, STATES, toolNames, UNKNOWN_PART } from './ui-part.ts';

/** A UI message in neutral form; `toUIMessage` gives the same message back. Its parts must be JSON. */
export function fromUIMessage({ id, role, parts, metadata }: UIMessage): ContentMessage {
  return {
    id,
    role,
    parts: parts.map((part) => fromUIPart(part as unknown as JsonObject) as unknown as Part),
    ...(metadata === undefined ? {} : { metadata: metadata as JsonObject }),
  };
}

function fromUIPart(part: JsonObject): JsonObject {
  const { type, toolName } = part;
  if (typeof type !== 'string') return unknown(part);
  if (type === 'text' || type === 'reasoning') return neutral(type, part, PARTS[type]);
  if (type === 'step-start') return neutral('step', part, {});
  if (type.startsWith('data-'))
    return { ...neutral('data', part, PARTS.data), name: type.slice('data-'.length) };
  if (type === 'dynamic-tool') return fromToolPart(part, typeof toolName === 'string' ? toolName : '', true);
  if (type.startsWith('tool-')) return fromToolPart(part, type.slice('tool-'.length), false);
  const row = rowOf(type);
  if (row?.verb !== 'put') return unknown(part);
  const whole = neutral(row.subject, part, row.names);
  return type === 'reasoning-file' ? { ...whole, reasoning: true } : whole;
}

function unknown(part: JsonObject): JsonObject {
  return { type: 'raw', of: UNKNOWN_PART, chunk: part };
}

function neutral(type: string, part: JsonObject, names: Names, more: readonly string[] = []): JsonObject {
  return { type, ...toFields(part, names, FRAMEWORK, ['type', ...more]) };
}

function fromToolPart(part: JsonObject, name: string, isDynamic: boolean): JsonObject {
  const state = toState(part);
  if (state === undefined) return unknown(part);
  const { rawInput, approval } = part;
  const { rawInput: shown, ...others } = toolNames(state, isDynamic);
  // What an older version kept there of an invalid input is not the text of the input that the part has.
  const isText = typeof rawInput === 'string' && (state !== 'error' || 'input' in part);
  const names: Names = shown === undefined || !isText ? others : { ...others, rawInput: shown };
  return {
    ...neutral('tool', part, names, ['state', 'approval', ...(isDynamic ? ['toolName'] : [])]),
    name,
    state,
    ...(isDynamic ? { dynamic: true } : {}),
    ...(part['state'] === 'output-denied' ? { settled: true } : {}),
    ...(isObject(approval) ? { approval: toFields(approval, PARTS.approval, FRAMEWORK) } : {}),
  };
}

function toState({ state, approval, preliminary }: JsonObject): keyof typeof STATES | undefined {
  switch (state) {
    case 'approval-responded':
      return isObject(approval) && approval['approved'] === true ? 'approved' : 'denied';
    case 'output-denied':
      return 'denied';
    case 'output-available':
      return preliminary === true ? 'running' : 'result';
    default:
      return (Object.keys(STATES) as (keyof typeof STATES)[]).find((each) => STATES[each] === state);
  }
}
