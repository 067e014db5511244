import type { Message, Serial } from '@holdfast/channel';
import type { ContentMessage, LogFacts } from '@holdfast/codec';
import type { DeviceId, MessageId, RecordId, RunId } from '../ids.ts';
import type { Delivery, OutputRecord, RecordKind, SessionRecord } from '../records.ts';
import type { Role } from '../snapshot.ts';
import type { RefusalCode } from './types.ts';

type RecordOf<K extends RecordKind> = Extract<SessionRecord, { kind: K }>;

/** A record that counts as far as it can be judged alone: well-formed, allowed to its author. */
export interface EntryOf<K extends RecordKind, R = RecordOf<K>> {
  readonly kind: K;
  readonly serial: Serial;
  readonly message: Message;
  readonly role: Role;
  readonly record: R;
}

export type CancelEntry = EntryOf<'cancel'>;
export type AnswerEntry = EntryOf<'answer'>;
export type StateEntry = EntryOf<'state'>;
export type FloorEntry = EntryOf<'floor'>;

/** What the records that ask for a run may say. */
export interface Asking {
  readonly kind: RecordKind;
  readonly message?: ContentMessage;
  readonly input?: MessageId;
  readonly run?: RunId;
  readonly parent?: MessageId | null;
  readonly replaces?: RecordId;
  readonly edits?: MessageId;
  readonly to?: string;
  readonly delivery?: Delivery;
  readonly parentRun?: RunId;
  readonly label?: string;
  readonly device?: DeviceId;
}

/** What can ask for a run: a steer does where it came too late for the run that it was given to. */
export interface OriginEntry extends EntryOf<'input' | 'regenerate' | 'steer', Asking> {
  /** The message that a run of it answers, whether or not it counts. */
  readonly question: MessageId;
  /** What it names as the message before it. */
  readonly parent: MessageId | null;
  /** The run that it is a sub-task of: what an agent gives another while it works (P22). */
  readonly outer?: RunId | undefined;
}

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
  readonly record?: OutputRecord | undefined;
  readonly log: LinkLog;
}

export type Entry = OriginEntry | CancelEntry | AnswerEntry | StateEntry | FloorEntry | ClaimEntry;

/** What a message is, judged alone: a record that counts, or one that doesn't; undefined for none that matters. */
export type Judged = Entry | Refused | undefined;

export interface Refused {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  /** Default: what the code says. */
  readonly reason?: string | undefined;
}

export function isOrigin(entry: Judged): entry is OriginEntry {
  return entry !== undefined && 'question' in entry;
}
