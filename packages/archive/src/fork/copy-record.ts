import type { Headers, JsonValue, Message } from '@holdfast/channel';
import { parseRecord, type RecordId, type RunId, type SessionRecord } from '@holdfast/core';
import type { Branch } from './branch.ts';

/** What a fork takes over of one record; undefined where it is about something else. */
export function copyRecord(message: Message, branch: Branch, before: string): Message | undefined {
  const parsed = parseRecord(message);
  if (!parsed.ok) return undefined;
  const { record } = parsed;
  if (!belongs(record, message, branch, before)) return undefined;
  switch (record.kind) {
    case 'input':
      // Nothing of what it replaced or edited is in the copy.
      return { ...message, data: without(message.data, 'edits', 'replaces') };
    case 'output':
      // These speak of the whole log, and of who held the floor in it.
      return { ...message, headers: withoutHeaders(message.headers, 'horizon', 'floor', 'checkpoint') };
    default:
      return message;
  }
}

function belongs(
  record: SessionRecord,
  { id, serial }: Message,
  { questions, answered, steers }: Branch,
  before: string,
): boolean {
  switch (record.kind) {
    case 'input':
      return (questions as ReadonlySet<string>).has(record.message.id);
    case 'regenerate':
      return answered.has(id as string as RunId);
    case 'output':
    case 'cancel':
    case 'answer':
      return answered.has(record.run);
    case 'steer':
      // One that came too late is a question of its own.
      return (
        steers.has(id as string as RecordId) || (questions as ReadonlySet<string>).has(record.message.id)
      );
    case 'state':
      // A checkpoint that was written later may still say how the state was.
      return (record.all && record.upTo ? record.upTo : serial) <= before;
    case 'floor':
      return false;
  }
}

function without(data: JsonValue, ...fields: readonly string[]): JsonValue {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? Object.fromEntries(Object.entries(data).filter(([field]) => !fields.includes(field)))
    : data;
}

function withoutHeaders(headers: Headers, ...fields: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([field]) => !fields.includes(field)));
}
