import type { Draft } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import type { JsonObject } from '@holdfast/codec';
import type { MessageId, RunId } from '../ids.ts';
import type { Selection, SessionProjection } from '../projection/types.ts';
import { answerIdOf, runOfAnswerId } from '../records/answer-id.ts';

/** The message that a draft says; undefined for one that says none. */
export function messageOf({ data }: Draft): MessageId | undefined {
  const { message } = fieldsOf(data);
  const id = message !== undefined && isObject(message) ? message['id'] : undefined;
  return typeof id === 'string' ? (id as string as MessageId) : undefined;
}

/** What a draft was written after, where that is simply the end of the view; undefined where its place was chosen. */
export function followsOf(
  { name, data }: Draft,
  projection: SessionProjection,
  selection: Selection,
): MessageId | null | undefined {
  const { parent = null, edits, replaces, parentRun } = fieldsOf(data);
  if (name !== 'input' || edits !== undefined || replaces !== undefined || parentRun !== undefined)
    return undefined;
  const tip = projection.tip(selection);
  return parent === tip ? tip : undefined;
}

/** Whether one draft was written after the other's message, or after the answer to it. */
export function isAfter(follows: unknown, { id, ...draft }: Draft): boolean {
  return (
    typeof follows === 'string' &&
    (follows === messageOf({ id, ...draft }) || follows === answerIdOf(id as string as RunId))
  );
}

export function parentOf({ data }: Draft): MessageId | null {
  return (fieldsOf(data)['parent'] ?? null) as MessageId | null;
}

export function placed(draft: Draft, parent: MessageId | null): Draft {
  return { ...draft, data: { ...fieldsOf(draft.data), parent } };
}

/** What was to be said to a run, as a message of its own: who wrote it can still send it. */
export function asInput(draft: Draft, parent: MessageId | null): Draft {
  const { message = null } = fieldsOf(draft.data);
  return { ...draft, name: 'input', data: { message, parent } };
}

/** The end of the branch that `follows` is on; of the newest one where that isn't loaded. */
export function endOfBranch(projection: SessionProjection, follows: MessageId | null): MessageId | null {
  const selection = new Map<MessageId | null, MessageId>();
  for (
    let at = nearest(projection, follows);
    at;
    at = at.parent === null ? undefined : projection.message(at.parent)
  )
    selection.set(at.parent, at.id);
  return projection.tip(selection);
}

function nearest(projection: SessionProjection, id: MessageId | null) {
  if (id === null) return undefined;
  const run = runOfAnswerId(id);
  const input = run && projection.run(run)?.input;
  return projection.message(id) ?? (input && projection.message(input));
}

function fieldsOf(data: Draft['data']): JsonObject {
  return isObject(data) ? data : {};
}
