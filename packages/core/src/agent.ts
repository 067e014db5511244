import type { Channels } from '@holdfast/channel';
import type { Codec, ContentMessage } from '@holdfast/codec';
import type { MessageId, RecordId, RunId } from './ids.ts';
import type { AgentState } from './records.ts';
import type { Run } from './snapshot.ts';

export interface AgentOptions<Chunk, Prompt> {
  /** Its connection must be an agent's: `claims.role` is `agent`. */
  readonly channels: Channels;
  /** Names the agent; inputs may be addressed to it. */
  readonly name: string;
  readonly codec: Codec<Chunk, Prompt>;
  /** Does one run's work: pipes the model's chunks. What it throws ends the run as `error`. */
  run(run: AgentRun<Chunk, Prompt>): Promise<void> | void;
  /** `confirm` (default) calls the model when the claim is won; `speculate` at once, for callers that know they are alone. */
  readonly claim?: 'confirm' | 'speculate';
  /** A silent owner is replaced after this long, in milliseconds. Default 5000. */
  readonly leaseMs?: number;
  /** What replaces a silent owner does: `continue` from what the log holds, or `restart`. Default `restart`. */
  readonly onTakeover?: 'continue' | 'restart';
  /** What everyone in the session may read about a failure. Default: one sentence that gives nothing away. */
  readonly describeError?: (error: unknown) => string;
  /** Told of every failure, of handlers and of the agent's own doing. Default: `console.error`. */
  readonly onError?: (error: unknown, where: { readonly session: string; readonly run?: RunId }) => void;
}

/** Something said to a run while it is under way. */
export interface Steer {
  readonly id: RecordId;
  readonly message: ContentMessage;
  readonly clientId?: string;
}

/** One run as its agent sees it. */
export interface AgentRun<Chunk, Prompt> {
  readonly id: RunId;
  readonly session: string;
  /** As it stands now. */
  readonly run: Run;
  /** The id of the message being written. */
  readonly messageId: MessageId;
  /** Aborts when the run is cancelled, taken over or the agent closes; the reason says which. */
  readonly signal: AbortSignal;
  /** What stood of the run's log when this process took it; empty for a fresh run. */
  readonly log: string;
  /** The branch up to the question, then what there is of the answer, in neutral form. */
  branch(): Promise<readonly ContentMessage[]>;
  /** The branch as the model call wants it: a stopped answer stays, dangling calls are closed. */
  prompt(): Promise<Prompt>;
  /**
   * Publishes chunks as they come; resolves when the stream has ended and everything is stored. A slow channel holds the
   * stream back. Rejects with the stream's error, or with `signal`'s reason.
   */
  pipe(chunks: AsyncIterable<Chunk> | ReadableStream<Chunk>): Promise<void>;
  /**
   * Calls `listener` with what people say to this run while it is under way (`session.steer`): each once, what was said
   * before too. What is not delivered when the run ends becomes a run of its own.
   */
  readonly onSteer: (listener: (steer: Steer) => void) => () => void;
  /** Says in the answer, for everybody, that the model was given a steer. A framework's own chunk may say so instead. */
  deliver(steer: Steer): void;
  /** How the run ends when the handler returns. Default `complete`, or `suspended` where a call or an approval still waits. */
  end(status: 'complete' | 'suspended' | 'error', reason?: string): void;
  /** What observers are told while nothing is written. Default `thinking`. */
  state(state: AgentState): void;
}

export interface Agent {
  readonly name: string;
  /**
   * Takes a session's runs as they come, until closed: one after the other, unless their delivery says otherwise. One
   * process may attend many sessions, and many processes one session.
   *
   * @throws ChannelError when the session can't be opened; `TypeError` for a name that is no session's
   */
  attend(session: string): Promise<void>;
  /** Does one run and resolves when it is over here; `taken: false` when another has it or it has ended. */
  take(session: string, run: RunId): Promise<{ readonly taken: boolean }>;
  /** Stops taking runs, gives those under way `drainMs` to finish (default 10,000), then leaves them to others. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}
