import type { Channels, JsonValue } from '@holdfast/channel';
import type { Codec, ContentMessage } from '@holdfast/codec';
import type { MessageId, RunId } from './ids.ts';
import type { Run } from './snapshot.ts';

export interface AgentOptions<Chunk, Prompt> {
  readonly channels: Channels;
  /** Names the agent; inputs may be addressed to it. */
  readonly name: string;
  readonly codec: Codec<Chunk, Prompt>;
  /** Does one run's work: returns or pipes the model's chunks. What it throws ends the run as `error`. */
  run(run: AgentRun<Chunk, Prompt>): Promise<void> | void;
  /** `confirm` (default) calls the model when the claim is won; `speculate` at once, for callers that know they are alone. */
  readonly claim?: 'confirm' | 'speculate';
  /** A silent owner is replaced after this long, in milliseconds. Default 5000. */
  readonly leaseMs?: number;
  /** `continue` from what the log holds, or `restart`. Default `restart`. */
  readonly onTakeover?: 'continue' | 'restart';
}

/** One run as its agent sees it. */
export interface AgentRun<Chunk, Prompt> {
  readonly id: RunId;
  readonly session: string;
  readonly run: Run;
  /** The id of the message being written. */
  readonly messageId: MessageId;
  /** Aborts when the run is cancelled, taken over or the agent closes; the reason says which. */
  readonly signal: AbortSignal;
  /** The branch up to the question, neutral. */
  readonly branch: readonly ContentMessage[];
  /** The branch as the model call wants it: a stopped answer stays, marked; dangling calls are closed. */
  prompt(): Promise<Prompt>;
  /** Publishes chunks as they come; resolves when the stream has ended and everything is stored. */
  pipe(chunks: AsyncIterable<Chunk> | ReadableStream<Chunk>): Promise<void>;
  /** How the run ends when the handler returns; default `complete`, or `suspended` where a call still waits. */
  end(status: 'complete' | 'suspended' | 'error', reason?: string): void;
  /** What was there before this process took the run over; empty for a fresh run. */
  readonly log: string;
  state(doing: JsonValue): void;
}

export interface Agent {
  /** Takes a session's open runs as they come, until closed. One process may attend many sessions. */
  attend(session: string): Promise<void>;
  /** Attends every session whose name arrives on the agent's inbox channel. */
  listen(): Promise<void>;
  /** Does one run and resolves when it is over here; `taken: false` when another has it or it has ended. */
  take(session: string, run: RunId): Promise<{ readonly taken: boolean }>;
  /** Stops taking runs, finishes or aborts those under way, leaves. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}
