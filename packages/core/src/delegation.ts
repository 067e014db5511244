import type { JsonValue } from '@holdfast/channel';
import type { Part } from '@holdfast/codec';
import type { RunId } from './ids.ts';
import type { Run, RunStatus } from './snapshot.ts';

/** What an agent asks another one. */
export interface Task {
  readonly parts: readonly Part[];
  readonly metadata?: JsonValue;
}

export interface DelegateOptions {
  /** What the work is called where people look at it, and in what tells agents of one name apart. */
  readonly label?: string;
  readonly metadata?: JsonValue;
  /**
   * The same key finds the same sub-run, whatever it is asked now. Default: what is asked, of whom and by which label; of a
   * second task that says the same, that it is the second.
   */
  readonly key?: string;
}

/** A task that is somebody else's now. */
export interface Delegated {
  readonly run: RunId;
  /**
   * Resolves when the sub-run is over, however it ended and whoever did it.
   *
   * @throws SessionError `refused`: the task could not be stored
   * @throws `run.signal`'s reason, when this process has to stop
   */
  readonly done: Promise<DelegatedAnswer>;
  /** Stops it and what it delegated itself; `done` resolves as `cancelled`. @throws ChannelError as `Channel.publish` */
  cancel(reason?: string): Promise<void>;
}

export interface DelegatedAnswer {
  readonly run: RunId;
  /** `lost` also where nobody took it, or was heard of again: it was given up, and cancelled. */
  readonly status: Extract<RunStatus, 'complete' | 'cancelled' | 'error' | 'lost'>;
  /** Why it ended as it did. */
  readonly reason?: string;
  /** Who did it; absent where nobody had begun. */
  readonly agent?: Run['agent'];
  /** What stands of the answer: of one that was stopped or failed, what there was by then. */
  readonly parts: readonly Part[];
  /** Its text alone. */
  readonly text: string;
}

export interface DelegationOptions {
  /** How many sub-runs of one question may be under way at a time, those of sub-runs included. Default 32. */
  readonly maxOpen?: number;
  /** How deep they may nest: 1 lets sub-runs delegate nothing. Default 8. */
  readonly maxDepth?: number;
  /**
   * How long a sub-run may give no sign of life, in milliseconds, whether it is queued or under way; one that waits for a
   * person may take as long as that takes. Default 60,000.
   */
  readonly lostMs?: number;
}
