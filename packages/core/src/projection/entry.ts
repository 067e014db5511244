import type { Message, Serial } from '@holdfast/channel';
import type { LogFacts } from '@holdfast/codec';
import type { MessageId, RunId } from '../ids.ts';
import type { OutputRecord, RecordKind, SessionRecord } from '../records.ts';
import type { Role } from '../snapshot.ts';
import type { RefusalCode } from './types.ts';

type RecordOf<K extends RecordKind> = Extract<SessionRecord, { kind: K }>;

/** A record that counts as far as it can be judged alone: well-formed, allowed to its author, the first with its id. */
export interface EntryOf<K extends RecordKind> {
  readonly kind: K;
  readonly serial: Serial;
  readonly message: Message;
  readonly role: Role;
  readonly record: RecordOf<K>;
}

export type InputEntry = EntryOf<'input'>;
export type RegenerateEntry = EntryOf<'regenerate'>;
export type CancelEntry = EntryOf<'cancel'>;
export type AnswerEntry = EntryOf<'answer'>;
export type SteerEntry = EntryOf<'steer'>;
export type StateEntry = EntryOf<'state'>;
export type FloorEntry = EntryOf<'floor'>;
/** What can ask for a run. */
export type OriginEntry = InputEntry | RegenerateEntry | SteerEntry;

/** The data of one output, read once as it grows. */
export interface LinkLog extends LogFacts {
  text: string;
}

/** An output, or the tombstone of one: of that only its place on the path is left (P26). */
export interface ClaimEntry {
  readonly kind: 'output';
  readonly serial: Serial;
  readonly message: Message;
  readonly run: RunId;
  readonly after?: Serial;
  readonly record?: OutputRecord;
  readonly log: LinkLog;
}

export type Entry = OriginEntry | CancelEntry | AnswerEntry | StateEntry | FloorEntry | ClaimEntry;

/** What a message is, judged alone. */
export type Judged =
  | Entry
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
  /** Of a later version of the protocol, or not a session's at all. */
  | { readonly kind: 'unknown' }
  /** Deleted, and nothing else depends on where it stood. */
  | { readonly kind: 'gone' };

/** The message that a run answers, whether or not it counts. */
export function questionOf({ kind, record }: OriginEntry): MessageId {
  return kind === 'regenerate' ? record.input : (record.message.id as string as MessageId);
}
