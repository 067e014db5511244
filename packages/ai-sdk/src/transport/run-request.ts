import type { RunId } from '@holdfast/core';

/** A run to be read, and how it came to be. */
export interface RunRequest {
  readonly run: RunId;
  /** How much of its log the chat has seen; see `ReadOptions.from`. */
  readonly from?: number;
  /** Rejects when the session refuses what the run asks for. */
  readonly stored?: Promise<unknown>;
}
