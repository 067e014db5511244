import { isObject, type ContentMessage, type JsonObject } from '@holdfast/codec';
import type { UIMessage } from 'ai';
import { FRAMEWORK, toFields, type Names } from './fields.ts';
import { fromMessage, fromPart, neutral, unknownPart } from './from-message.ts';
import { PARTS, STATES, toolNames } from './ui-part.ts';

/** A UI message in neutral form; `toUIMessage` gives the same message back. Its parts must be JSON. */
export function fromUIMessage(message: UIMessage): ContentMessage {
  return fromMessage(message, (part) => {
    const { type, toolName } = part;
    if (type === 'dynamic-tool')
      return fromToolPart(part, typeof toolName === 'string' ? toolName : '', true);
    return typeof type === 'string' && type.startsWith('tool-')
      ? fromToolPart(part, type.slice('tool-'.length), false)
      : fromPart(part);
  });
}

function fromToolPart(part: JsonObject, name: string, isDynamic: boolean): JsonObject {
  const state = toState(part);
  if (state === undefined) return unknownPart(part);
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
