import type { RunId } from '../../ids.ts';
import type { Run } from '../../snapshot.ts';

/** What becomes of a run while nobody watches its session. */
export interface AttentionPolicy {
  /**
   * `continue`: nothing. `slow`: the model's stream is read slowly. `pause`: it is not read until somebody is there. `stop`: the
   * run ends as `cancelled`. Text that was begun stays in each case.
   */
  readonly whenUnwatched: 'continue' | 'slow' | 'pause' | 'stop';
  /** How long nobody must have been there, in milliseconds. Default 60,000. */
  readonly afterMs?: number;
  /** With `slow`: how many chunks are read per second. Default 2. */
  readonly chunksPerSecond?: number;
}

/** What attention made of a run's work in this process. Times in milliseconds. */
export interface AttentionReport {
  /** Nobody watched. */
  readonly unwatchedMs: number;
  readonly slowedMs: number;
  readonly pausedMs: number;
  readonly stopped: boolean;
  /**
   * About how many characters the model has not been asked for so far: what it would have written in the time it was held back,
   * at the pace that it had before, less what it wrote.
   */
  readonly unaskedCharacters: number;
}

/** Something happened in a session while nobody was there: a reason to send a push notification, say. */
export interface Unattended {
  readonly session: string;
  readonly run: Run;
  /** The run is over, or waits for somebody. */
  readonly why: 'ended' | 'asks';
}

export interface AttentionOptions {
  /** What becomes of a run while nobody watches. Default: it goes on. */
  readonly attention?: AttentionPolicy | ((run: Run) => AttentionPolicy);
  /** Told when the work on a run that was held back is over in this process. */
  readonly onAttention?: (
    report: AttentionReport,
    where: { readonly session: string; readonly run: RunId },
  ) => void;
  /** Told when a run that this process has worked on ends, or waits for somebody, and nobody watches. */
  readonly onUnattended?: (event: Unattended) => void;
}

/** @throws TypeError for numbers that can't be right */
export function checkPolicy({ whenUnwatched, afterMs, chunksPerSecond }: AttentionPolicy): void {
  if (!['continue', 'slow', 'pause', 'stop'].includes(whenUnwatched))
    throw new TypeError('attention.whenUnwatched must be continue, slow, pause or stop');
  if (afterMs !== undefined && !(afterMs >= 0))
    throw new TypeError('attention.afterMs must be a number of milliseconds');
  if (chunksPerSecond !== undefined && !(chunksPerSecond > 0))
    throw new TypeError('attention.chunksPerSecond must be more than 0');
}
