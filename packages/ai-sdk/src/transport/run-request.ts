import type { ReadOptions, RunId } from '@holdfast/core';
import type { UIMessageChunk } from 'ai';

/** A run to be read, and how it came to be. */
export interface RunRequest {
  readonly run: RunId;
  /** What the chat shows of it already. */
  readonly from?: ReadOptions<UIMessageChunk>['from'];
  /** Rejects when the session refuses what the run asks for. */
  readonly stored?: Promise<unknown>;
  /** Why a decision that was given does not count, while the call still waits for one. */
  readonly refusal?: () => string | undefined;
}
