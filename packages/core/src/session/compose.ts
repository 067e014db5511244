import { compact } from '@holdfast/codec';
import type { ContentMessage } from '@holdfast/codec';
import { SessionError } from '../errors.ts';
import { mint } from '../ids.ts';
import type { DeviceId, MessageId, RecordId, RunId } from '../ids.ts';
import type { Selection, SessionProjection } from '../projection/types.ts';
import type { InputRecord, RegenerateRecord } from '../records.ts';
import type { OutgoingMessage, SendOptions } from '../session.ts';
import type { SessionMessage } from '../snapshot.ts';

/** What asks for a run: the record, its id, which is the run's, and what the run is to answer. */
export interface Asking {
  readonly run: RunId;
  readonly message: MessageId;
  readonly record: InputRecord | RegenerateRecord;
  /** Below it the view shows the newest from now on. */
  readonly below: MessageId | null;
}

export interface Context {
  readonly projection: SessionProjection;
  readonly selection: Selection;
  readonly device: DeviceId;
}

/** @throws SessionError `not_found` */
export function loaded(projection: SessionProjection, id: MessageId | undefined): SessionMessage {
  const message = id === undefined ? undefined : projection.message(id);
  if (message) return message;
  throw new SessionError('not_found', 'What is loaded of the session has no such message.');
}

export function composeMessage({ id, role = 'user', parts, metadata }: OutgoingMessage): ContentMessage {
  return compact<ContentMessage>({ id: id ?? mint<MessageId>(), role, parts, metadata });
}

/**
 * The record that says `message`. An id that exists makes it an edit: a sibling with an id of its own.
 *
 * @throws SessionError `not_found`
 */
export function composeInput(
  { projection, selection, device }: Context,
  { id, ...said }: OutgoingMessage,
  { run = mint<RunId>(), parent, to, delivery, replaces }: SendOptions,
): Asking {
  const edited = id === undefined ? undefined : projection.message(id);
  const message = composeMessage(id === undefined || edited ? said : { id, ...said });
  const replaced = replaces && loaded(projection, projection.run(replaces)?.input);
  const place = edited ?? replaced;
  const below = parent !== undefined ? parent : place ? place.parent : projection.tip(selection);
  const record = compact<InputRecord>({
    kind: 'input',
    message,
    parent: below,
    edits: edited?.id,
    replaces: replaces as string | undefined as RecordId | undefined,
    to,
    delivery,
    device,
  });
  return { run, message: message.id as string as MessageId, record, below };
}

/** @throws SessionError `not_found` */
export function composeRegenerate(
  { projection, device }: Context,
  target: { readonly input: MessageId } | { readonly output: MessageId },
  { run = mint<RunId>(), to }: { readonly run?: RunId; readonly to?: string },
): Asking {
  const input =
    'input' in target ? target.input : projection.runs.find(({ output }) => output === target.output)?.input;
  const { id, run: asked } = loaded(projection, input);
  const record = compact<RegenerateRecord>({
    kind: 'regenerate',
    input: id,
    to: to ?? (asked && projection.run(asked)?.to),
    device,
  });
  return { run, message: id, record, below: id };
}
