import type { Serial } from '@holdfast/channel';
import type { ContentFold } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import type { Run } from '../snapshot.ts';
import { isOrigin } from './entry.ts';
import type { CancelEntry, ClaimEntry, Entry, Judged, OriginEntry } from './entry.ts';
import { standingOf } from './standing.ts';
import type { StandingLog } from './standing.ts';
import type { Stored } from './stored.ts';
import type { RecordRefusal } from './types.ts';

/** All that the loaded log says about one id, be it a record's, its run's or a message's. Lists are by serial. */
export interface Node {
  readonly id: RunId;
  /** Messages with this record id: the first counts (P4). */
  readonly said: Stored[];
  /** What that one is, and its serial. */
  readonly entry?: Judged;
  readonly serial: Serial;
  /** Records that name this id, and outputs that took it in as steering. */
  readonly named: Entry[];
  /** Nodes of records that say the message with this id. */
  readonly sayers: Origin[];
  /** Nodes for which this one was looked at: they are derived again when it changes. */
  readonly readers: Set<Node>;
  derived: Derived;
  /** What stands of the answer as content, once somebody asked. */
  content?: ContentFold | undefined;
}

/** A node whose record asks for a run. */
export interface Origin extends Node {
  readonly entry: OriginEntry;
}

/** What follows from a node and those that it looks at. */
export interface Derived {
  /** Absent where there is no run: its record isn't loaded or doesn't count, or only says something. */
  run?: Run | undefined;
  /** Another record says its message, or it came too late. */
  readonly isRefused?: boolean;
  /** It counts as a message of the conversation (an input, or a steer that came too late). */
  readonly speaks?: boolean;
  /** A person's answer. */
  readonly isReply?: boolean;
  readonly replacedBy?: OriginEntry | undefined;
  /** The run that it is a sub-task of. */
  readonly outerRun?: RunId | undefined;
  /** Who may end the run: its author, and those of the runs that it belongs to. */
  readonly owners: readonly (string | undefined)[];
  /** What stops it, or a run that it belongs to. */
  readonly stops: readonly Stop[];
  /** The first of these, or of what stops the run that it was said to. */
  readonly stop?: Stop | undefined;
  readonly path: readonly ClaimEntry[];
  readonly standing: StandingLog;
  /** Ids of the steering that its log has taken in. */
  readonly delivered: readonly string[];
  readonly deleted?: boolean;
  /** How many records name it: one more may matter to who looks, though nothing else follows from it. */
  readonly records: number;
  readonly refusals: readonly RecordRefusal[];
}

/** What stops a run: a cancel, a regeneration of its question, or an input that stands for its own. */
export type Stop = CancelEntry | OriginEntry;

export const NOTHING: Derived = {
  owners: [],
  stops: [],
  path: [],
  standing: standingOf([]),
  delivered: [],
  records: 0,
  refusals: [],
};

export function isLoaded(node: Node | undefined): node is Origin {
  return isOrigin(node?.entry);
}

export function createNode(id: string): Node {
  return {
    // A run's id is that of its record.
    id: id as RunId,
    said: [],
    serial: '' as Serial,
    named: [],
    sayers: [],
    readers: new Set(),
    derived: NOTHING,
  };
}
