import type { RunId } from '../ids.ts';
import type { Run } from '../snapshot.ts';
import type { AnswerEntry, CancelEntry, ClaimEntry, InputEntry, OriginEntry, SteerEntry } from './entry.ts';
import { standingOf } from './standing.ts';
import type { StandingLog } from './standing.ts';

/** All that the loaded log says about one run id, whether or not the record that asks for the run is loaded. Arrays by serial. */
export interface RunNode {
  readonly id: RunId;
  origin?: OriginEntry;
  readonly claims: ClaimEntry[];
  readonly cancels: CancelEntry[];
  readonly steers: SteerEntry[];
  readonly answers: AnswerEntry[];
  /** Inputs that would stand for this one (`replaces`). */
  readonly replacers: InputEntry[];

  /** What follows from that and from other runs. Absent where there is no run: its record isn't loaded or doesn't count, or only says something. */
  run?: Run;
  /** The record counts as a message of the conversation (an input, or a steer that came too late). */
  speaks: boolean;
  /** Another record says that message, or it came too late. */
  isRefused: boolean;
  replacedBy?: InputEntry | undefined;
  path: readonly ClaimEntry[];
  standing: StandingLog;
  /** Ids of the steering that its log has taken in. */
  delivered: ReadonlySet<string>;
  deleted: boolean;
}

const NOTHING_STANDS = standingOf([]);
const NONE: ReadonlySet<string> = new Set();

export function createRunNode(id: RunId): RunNode {
  return {
    id,
    claims: [],
    cancels: [],
    steers: [],
    answers: [],
    replacers: [],
    speaks: false,
    isRefused: false,
    path: [],
    standing: NOTHING_STANDS,
    delivered: NONE,
    deleted: false,
  };
}
