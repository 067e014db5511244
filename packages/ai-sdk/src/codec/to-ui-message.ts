import { isObject, type ContentMessage, type JsonObject, type Part, type ToolPart } from '@holdfast/codec';
import type { UIMessage } from 'ai';
import { FRAMEWORK, fromFields, type Names } from './fields.ts';
import { parsePartialJson } from './partial-json.ts';
import { PARTS, REASONING_FILE, shownBeside, STATES, toolNames, UNKNOWN_PART, WHOLE } from './ui-part.ts';

const known = new WeakMap<Part, JsonObject | null>();

/**
 * A message of a session as a UI message: what the AI SDK's own reader folds from its decoded chunks. Errors and unknown
 * chunks show nothing. A part that is the same object as before gives the same object.
 */
export function toUIMessage(message: ContentMessage): UIMessage {
  const { id, role, parts, metadata } = message;
  const shown = parts.flatMap((part) => {
    const ui = known.get(part) ?? toUIPart(part) ?? null;
    known.set(part, ui);
    return ui === null ? [] : [ui];
  });
  return {
    id,
    role,
    parts: shown as unknown as UIMessage['parts'],
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Undefined for what a chat does not show. */
export function toUIPart(part: Part): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return named(part.type, { ...part, pm: shownBeside(part) }, PARTS[part.type]);
    case 'step':
      return named('step-start', part, {});
    case 'data':
      return named(`data-${part.name}`, part, PARTS.data);
    case 'tool':
      return toToolPart(part);
    case 'error':
      return undefined;
    case 'raw':
      return part.of === UNKNOWN_PART && isObject(part.chunk) ? part.chunk : undefined;
    default: {
      const isOfReasoning = part.type === 'file' && part.reasoning === true;
      const whole = WHOLE.find(
        ({ type, kind }) => kind === part.type && isOfReasoning === (type === REASONING_FILE),
      );
      return whole && named(whole.type, part, whole.names);
    }
  }
}

function named(type: string, part: object, names: Names): JsonObject {
  return { type, ...fromFields(asFields(part), names, FRAMEWORK) };
}

function asFields(part: object): JsonObject {
  return part as JsonObject;
}

export function toToolPart(part: ToolPart): JsonObject {
  const { name, state, inputText, approval } = part;
  const isDynamic = part.dynamic === true;
  const input =
    'input' in part || inputText === undefined
      ? {}
      : { input: part.as === 'text' ? inputText : parsePartialJson(inputText) };
  return {
    type: isDynamic ? 'dynamic-tool' : `tool-${name}`,
    ...(isDynamic ? { toolName: name } : {}),
    state: part.settled === true ? 'output-denied' : STATES[state],
    ...fromFields({ ...asFields(part), ...withoutUndefined(input) }, toolNames(state, isDynamic), FRAMEWORK),
    ...(approval === undefined
      ? {}
      : { approval: fromFields(asFields(approval), PARTS.approval, FRAMEWORK) }),
  };
}

function withoutUndefined(fields: object): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}
