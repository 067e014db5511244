import type { AnnotationSummary, Delivery, JsonValue, Message, Serial, Version } from '@holdfast/channel';
import type { MessageId, RecordId, RunId } from '../ids.ts';
import type { StateRecord } from '../records.ts';
import type { Floor, Run, SessionMessage } from '../snapshot.ts';

/**
 * The state of a session as a function of the set of its messages as they finally stand (P1): messages may be applied in
 * any order, repeated, whole or by appends; what comes out is the same. It never throws for what a message contains.
 *
 * Values that it returns are immutable; one that did not change keeps its identity. Text that goes on costs its length; any
 * other record what it and the runs that depend on it hold, however long the session; to read messages, branches, state or
 * refusals after one costs a walk, once.
 */
export interface SessionProjection {
  /** Takes whole messages. One that is older than what is known changes nothing. */
  apply(...messages: readonly Message[]): Change;
  /**
   * Takes text added to a message (text that is known already, or whose base is `missing`, changes nothing), or its
   * annotations (of two summaries the one with the higher version stays).
   */
  receive(delivery: Addition): Change;
  /** Drops messages from the set: provisional records, or ones that the channel no longer has (P28). */
  forget(...serials: readonly Serial[]): Change;

  /** Every run of the loaded log, oldest first. */
  readonly runs: readonly Run[];
  run(id: RunId): Run | undefined;
  /** The text of what stands of a run's log (P9). */
  text(run: RunId): string;

  message(id: MessageId): SessionMessage | undefined;
  /** The branch that a selection shows, oldest first. Without a selection the newest sibling is shown everywhere. */
  branch(selection?: Selection): readonly MessageId[];
  /** What the next message of a branch should name as its parent: the end of the branch, or the answer still to come. */
  tip(selection?: Selection): MessageId | null;

  readonly state: Readonly<Record<string, JsonValue>>;
  readonly floor: Floor;
  readonly refusals: readonly RecordRefusal[];
  /** The newest horizon that an agent wrote: a reader pages down to it (P25). */
  readonly horizon: Serial | undefined;
}

/** A projection with all that can be asked of it; sessions get by with less, so that pages need not load the rest. */
export interface Projection extends SessionProjection {
  /** Any delivery; signals and gaps, which are not part of the log, change nothing. */
  receive(delivery: Delivery | Addition): Change;
  append(append: Append): Change;
  annotate(serial: Serial, summary: AnnotationSummary): Change;
  /** Runs that an agent may take now: stored, queued and not held, oldest input first. */
  readonly open: readonly Run[];
  /** The outputs that make up a run's answer, first to last (P7); empty before the first and for a run cancelled before it. */
  path(run: RunId): readonly PathLink[];
  /** What stands of a run's log (P9). */
  standing(run: RunId): Standing;
  /** What the next writer states: where the standing log ends and how long it is (P9); undefined before the first output. */
  statement(run: RunId): { readonly serial: Serial; readonly length: number } | undefined;
  /** Claims at the end of the path without progress; when there are too many, the next one ends the run as `lost` (P14). */
  claimsWithoutProgress(run: RunId): number;
  /** Its agent has left it to wait, and nobody has taken it up since; it may have been cancelled meanwhile. */
  isResting(run: RunId): boolean;
  /** Approval decisions and tool results given to a run, by serial (P17). */
  answers(run: RunId): readonly AnswerState[];
  /** A message and all that it follows, oldest first. */
  lineage(id: MessageId): readonly MessageId[];
  /** What a writer puts into its next claim (P25). */
  readonly opening: Opening;
  /** See `checkpointOf`. */
  checkpoint(upTo: Serial): StateRecord | undefined;
  /** The message that counts for a record id (P4), without annotations: how a writer finds its own echo. */
  record(id: RecordId | RunId): Message | undefined;
  /** Names that this version does not know: ignored, and kept. */
  readonly unknown: readonly Message[];
}

/** What is told about a message short of the whole. */
export type Addition =
  | ({ readonly kind: 'append' } & Append)
  | { readonly kind: 'annotations'; readonly serial: Serial; readonly summary: AnnotationSummary };

export interface Append {
  readonly serial: Serial;
  readonly version: Version;
  readonly data: string;
  /** Where in the message's data the text begins, in UTF-16 code units. */
  readonly offset: number;
}

/** Which sibling is shown below a parent; null is the parent of a conversation's first messages. */
export type Selection = ReadonlyMap<MessageId | null, MessageId>;

/** What one call changed. */
export interface Change {
  /** Runs that may say something else, or that another record names: an answer, say. */
  readonly runs: ReadonlySet<RunId>;
  /** Messages whose text grew. */
  readonly messages: ReadonlySet<MessageId>;
  /** Standing text that no longer stands: drop all past `length`. Comes before the `appended` of the same change. */
  readonly retracted: readonly Retraction[];
  /** Text that now stands after what stood before. */
  readonly appended: readonly Appended[];
  /** More changed than text that grew: any message may be another, in another place; so may what else there is. */
  readonly tree: boolean;
  /** An append whose base is not loaded: read the message from history. */
  readonly missing?: Serial;
}

export interface Retraction {
  readonly run: RunId;
  readonly length: number;
}

export interface Appended {
  readonly run: RunId;
  /** In the standing log, in UTF-16 code units. */
  readonly offset: number;
  readonly text: string;
}

/** One output on a run's path. */
export interface PathLink {
  readonly serial: Serial;
  readonly record: RecordId;
  readonly clientId?: string;
  readonly agent: string;
  readonly attempt: number;
  /** It said what stands of the past, or is the first: readers count it. */
  readonly stated: boolean;
  /** Length of its data, in UTF-16 code units. */
  readonly length: number;
}

/** The standing log: the stated prefixes of a run's outputs, one after the other, up to the run's end. */
export interface Standing {
  readonly segments: readonly Segment[];
  readonly length: number;
  /** Built when read. */
  readonly text: string;
  /** False while text that a later output builds on has not arrived: nothing past the hole is shown. */
  readonly whole: boolean;
}

/** `length` code units from the start of one output's data. */
export interface Segment {
  readonly serial: Serial;
  readonly length: number;
}

/** An answer record and what became of it. */
export interface AnswerState {
  readonly record: RecordId;
  readonly serial: Serial;
  readonly callId: string;
  readonly approvalId?: string;
  readonly ok?: boolean;
  readonly clientId?: string;
  readonly timestamp: number;
  /**
   * `counted`, `refused`: the agent's verdict says so. `provisional`: the first one by serial (of as many people as it
   * needs), no verdict yet. `superseded`: another one decided, or came first. `expired`: stored after the time by which it
   * was wanted. `elsewhere`: a result for a call that another device, or another identity's, was given. `waiting`: nothing in
   * the loaded log asks for it.
   */
  readonly outcome:
    'counted' | 'refused' | 'provisional' | 'superseded' | 'expired' | 'elsewhere' | 'waiting';
}

/** A record that does not count, and why. */
export interface RecordRefusal {
  readonly serial: Serial;
  readonly record: RecordId;
  readonly kind: string;
  readonly clientId?: string;
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode =
  /** Malformed; `message` names the field. */
  | 'invalid'
  /** Its publisher's role may not do that. */
  | 'forbidden'
  /** Its id, or its message's id, was used before. */
  | 'conflict'
  /** The run it changes had been taken, or it had been changed before. */
  | 'late';

export interface Opening {
  readonly horizon?: Serial;
  readonly floor: string;
  readonly checkpoint?: Serial;
}
