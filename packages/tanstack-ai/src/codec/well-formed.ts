import type { AnyEvent } from './any-event.ts';

/** Fields that have to be text for a reader to know what an event is about. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  RUN_STARTED: ['runId'],
  RUN_FINISHED: ['runId'],
  RUN_ERROR: ['message'],
  TEXT_MESSAGE_START: ['messageId'],
  TEXT_MESSAGE_CONTENT: ['messageId', 'delta'],
  TEXT_MESSAGE_END: ['messageId'],
  TOOL_CALL_START: ['toolCallId', 'toolCallName'],
  TOOL_CALL_ARGS: ['toolCallId', 'delta'],
  TOOL_CALL_END: ['toolCallId'],
  TOOL_CALL_RESULT: ['toolCallId', 'content'],
  STEP_STARTED: ['stepName'],
  STEP_FINISHED: ['stepName'],
  REASONING_START: [],
  REASONING_END: [],
  REASONING_MESSAGE_START: [],
  REASONING_MESSAGE_END: [],
  REASONING_MESSAGE_CONTENT: ['messageId', 'delta'],
  REASONING_ENCRYPTED_VALUE: ['entityId', 'encryptedValue'],
  CUSTOM: ['name'],
};

/** Whether the framework's readers do anything with events of a type. */
export function isKnownType(type: string): boolean {
  return Object.hasOwn(NEEDED, type);
}

/** The first field without which an event of a known type says nothing; undefined where it has all of them. */
export function findMissing(event: AnyEvent): string | undefined {
  return NEEDED[event.type]?.find((field) => typeof event[field] !== 'string');
}
