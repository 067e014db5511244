import { isObject, type Encoder, type JsonObject, type JsonValue, toPlain } from '@holdfast/codec';
import { restoreInboundChunk, type StreamChunk } from '@tanstack/ai/client';
import { isPlainEvent, type PlainEvent } from './any-event.ts';
import { createAnswerLog, type AnswerLog } from './answer-log.ts';
import { toFinish } from './finish.ts';
import { FRAMEWORK, MARKS } from './marks.ts';
import { openReader } from './open-reader.ts';
import { writeInterrupts } from './interrupt-call.ts';
import { settle } from './settle.ts';
import { createStreak, isDelta } from './streak.ts';
import { findMissing, isKnownType } from './well-formed.ts';
import { createMessageWriter } from './write-messages.ts';
import { isStreaming } from './write-text.ts';

/** Told of events that could not be placed, and of unknown ones. */
export type Warn = (text: string, event: unknown) => void;

/** Known events that no message shows. */
const BESIDE: ReadonlySet<string> = new Set([
  'STATE_SNAPSHOT',
  'STATE_DELTA',
  'ACTIVITY_SNAPSHOT',
  'ACTIVITY_DELTA',
  'RAW',
]);
/** Custom events that the framework's reader makes parts of. */
const READ: ReadonlySet<unknown> = new Set([
  'structured-output.start',
  'structured-output.complete',
  'approval-requested',
  'tool-input-available',
  'ui-resource',
]);

/**
 * Writes AG-UI events into a frame log: a reader of the framework takes each event, and what it then shows otherwise is
 * written. `standing` is what stands of the log already.
 */
export function createEncoder(standing = '', warn: Warn = logWarning): Encoder<StreamChunk> {
  const log = createAnswerLog(standing);
  const writer = createMessageWriter(log);
  const reader = openReader(log, (id) => writer.noteUnnamed(id));
  const streak = createStreak();

  const unplaced = (event: JsonValue, why: string): void => {
    log.control('raw', event, { of: MARKS.unplaced });
    warn(why, event);
  };
  const hear = (event: PlainEvent): void => reader.processChunk(event as unknown as StreamChunk);
  const take = (event: PlainEvent): void => {
    const late = streak.end();
    if (late !== undefined) hear(late);
    const { times } = log.written;
    hear(event);
    writer.write(reader.getMessages(), event);
    const { text } = log.written;
    if (
      isDelta(event) &&
      log.written.times === times + 1 &&
      text !== undefined &&
      text.text === event['delta']
    )
      streak.begin(event, text.n);
    closeAfter(log, event);
    writeInterrupts(log, event);
    if (event.type === 'RUN_FINISHED') log.control('finish', ...toFinish(event));
    if (event.type === 'RUN_ERROR') writeError(log, event);
  };

  return {
    write(chunk) {
      const more = streak.goOn(chunk);
      if (more !== undefined) return log.text(more, String(Reflect.get(chunk, 'delta')));
      const event = toPlain(chunk);
      if (!isPlainEvent(event)) return unplaced(event, 'not an event');
      const { type } = event;
      // The list of messages is the session's.
      if (type === 'MESSAGES_SNAPSHOT') return;
      if (!isKnownType(type)) {
        log.control('raw', event, { of: FRAMEWORK });
        return BESIDE.has(type) ? undefined : warn('an unknown event', event);
      }
      const missing = findMissing(event);
      if (missing !== undefined) return unplaced(event, `an event without ${missing}`);
      if (!hasCall(log, event)) return unplaced(event, 'an event about no call');
      if (type === 'CUSTOM' && !READ.has(event['name'])) return writeData(log, event);
      if (isHint(event)) log.control('raw', event, { of: FRAMEWORK });
      try {
        take(restoreInboundChunk(event as unknown as StreamChunk) as unknown as PlainEvent);
      } catch {
        unplaced(event, 'an event that the reader failed on');
      }
    },
    settle: (reason) => settle(log, reason),
    take: () => log.take(),
    takeSignals: () => [],
  };
}

/** An event that changes nothing yet but where the next ones go. */
function isHint({ type, name }: PlainEvent): boolean {
  return type === 'STEP_STARTED' || (type === 'CUSTOM' && name === 'structured-output.start');
}

/** Whether there is the call that an event speaks of, in a state in which it can. */
function hasCall({ content }: AnswerLog, { type, toolCallId }: PlainEvent): boolean {
  if (type !== 'TOOL_CALL_ARGS' && type !== 'TOOL_CALL_END' && type !== 'TOOL_CALL_RESULT') return true;
  const calls = content.parts.filter((part) => part.type === 'tool' && part.callId === toolCallId);
  return type === 'TOOL_CALL_ARGS'
    ? calls.some((part) => part.type === 'tool' && part.state === 'input')
    : calls.length > 0;
}

function writeData(log: AnswerLog, { type: _type, name, value = null, ...more }: PlainEvent): void {
  const x: JsonObject = Object.keys(more).length > 0 ? { x: { [FRAMEWORK]: more } } : {};
  log.control('put', 'data', { name: name ?? '', data: value, ...x });
}

/** Which run it was and when the log says otherwise. */
const OF_RUN: readonly string[] = ['type', 'message', 'code', 'runId', 'threadId', 'timestamp', 'rawEvent'];

function writeError(log: AnswerLog, event: PlainEvent): void {
  const { message = '', code } = event;
  const more = Object.entries(event).filter(([key]) => !OF_RUN.includes(key));
  log.control('error', message, {
    ...(code !== undefined && { code }),
    ...(more.length > 0 && { x: { [FRAMEWORK]: Object.fromEntries(more) } }),
  });
}

/** Parts that an event ends are closed, so that everybody knows. */
function closeAfter(log: AnswerLog, { type, messageId }: PlainEvent): void {
  const isEnd = type === 'RUN_FINISHED' || type === 'RUN_ERROR';
  const isThought = type === 'REASONING_MESSAGE_END' || type === 'REASONING_END';
  if (!isEnd && !isThought && type !== 'TEXT_MESSAGE_END') return;
  const shown = log.shown.find(({ id }) => id === messageId)?.parts ?? [];
  for (const part of log.content.parts) {
    if (!isStreaming(part) || part.n === undefined || (part.type === 'text' && part.as === 'json')) continue;
    const isText = type === 'TEXT_MESSAGE_END' && part.type === 'text' && shown.some(({ of }) => of === part);
    if (isEnd || isText || (isThought && part.type === 'reasoning')) log.control('close', part.n);
  }
}

function logWarning(text: string, event: unknown): void {
  const type = isObject(event) ? event['type'] : event;
  console.warn(`holdfast: ${text}:`, type);
}
