import type { AnnotationDraft, Channels, JsonValue, Receipt } from '@holdfast/channel';
import type { Codec, ContentMessage } from '@holdfast/codec';
import type {
  ApprovalAsk,
  ApprovalOutcome,
  ApprovalPolicy,
  ApprovalRequest,
  ClientToolOptions,
  ToolContext,
  ToolOptions,
  ToolRequest,
} from './decisions.ts';
import type { Delegated, DelegateOptions, DelegationOptions, Task } from './delegation.ts';
import type { MessageId, RecordId, RunId } from './ids.ts';
import type { AttentionOptions, AttentionReport } from './agent/attention/policy.ts';
import type { RecoveryBudget } from './agent/budget.ts';
import type { ListenOptions } from './agent/inbox/listen.ts';
import type { HandleOptions, InvocationOptions } from './agent/invocation/handler.ts';
import type { Note, OutgoingNote } from './notes/note.ts';
import type { AgentState, Delivery, FloorRecord } from './records.ts';
import type { Run } from './snapshot.ts';

export interface AgentOptions<Chunk, Prompt> extends AttentionOptions {
  /** Its connection must be an agent's: `claims.role` is `agent`. */
  readonly channels: Channels;
  /** Names the agent; inputs may be addressed to it. */
  readonly name: string;
  readonly codec: Codec<Chunk, Prompt>;
  /** Does one run's work: pipes the model's chunks. What it throws ends the run as `error`. */
  run(run: AgentRun<Chunk, Prompt>): Promise<void> | void;
  /** `confirm` (default) calls the model when the claim is won; `speculate` at once, for callers that know they are alone. */
  readonly claim?: 'confirm' | 'speculate';
  /** Within this long a silent owner is replaced, in milliseconds: the next process is at it after four fifths. Default 5000. */
  readonly leaseMs?: number;
  /** What replaces a silent owner does: `continue` from what the log holds, or `restart`. Default `restart`. */
  readonly onTakeover?: 'continue' | 'restart';
  /**
   * `threaded` puts the text of reasoning on a channel of its own for each response, `<session>:open:<run>`, which nobody
   * receives who doesn't ask for it (`@holdfast/core/reasoning`). The agent's connection must be allowed to publish and to read
   * there. Default `inline`: it is part of the answer.
   */
  readonly reasoning?: 'inline' | 'threaded';
  /** When a run whose processes get lost is given up, and ends as `lost`. Default: 3 attempts in a row, 10 minutes. */
  readonly recovery?: RecoveryBudget;
  /** What happens to an input that says nothing of it while the agent is answering. Default `queue`. */
  readonly whileAnswering?: Delivery;
  /**
   * Where several agents answer a session: `all` (default) takes what is addressed to it, and to nobody; `addressed` only what
   * is addressed to it, as an agent does that others delegate to.
   */
  readonly answers?: 'all' | 'addressed';
  /** How much may be delegated at a time, how deep, and when what is delegated is given up. */
  readonly delegation?: DelegationOptions;
  /** Who may start this agent by a request: what `handle` needs. */
  readonly invocations?: InvocationOptions;
  /** What an approval takes: who may decide, how many, until when, with which changes. Default: one decision of anybody. */
  readonly approvals?: (
    ask: ApprovalAsk,
    run: Run,
  ) => ApprovalPolicy | undefined | Promise<ApprovalPolicy | undefined>;
  /** Which device runs a client's tool. */
  readonly clientTools?: ClientToolOptions;
  /**
   * How long `run.requestTool` and `run.requestApproval` wait in the process, in milliseconds; then the run rests. Default
   * 30,000.
   */
  readonly holdMs?: number;
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
  /**
   * The branch up to the question, then what there is of the answer, in neutral form. Threaded reasoning is read in; a part that
   * can't be read any more keeps its `thread`, and prompts leave it out.
   */
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
  /**
   * Adds to what is counted beside the answer: citations, usage (`@holdfast/core/annotations`). Resolves when it is stored.
   *
   * @throws ChannelError as `Channel.publish`
   */
  annotate(...annotations: readonly AnnotationDraft[]): Promise<void>;
  /** `run:call`: for services that a tool calls, so that a call which is tried again takes effect once (P13). */
  idempotencyKey(callId: string): string;
  /**
   * Has a client's device run a tool, and resolves with its output. Like `requestApproval` and `callTool`, it finds a call
   * that is in the log already: a handler that is called again, since its process went away or the run rested, goes on where
   * it was.
   *
   * @throws SessionError `failed`: the tool failed, or timed out; `not_found`: there is no device; `suspended`: the run rests,
   * and the handler should let this through
   */
  requestTool(name: string, input: JsonValue, options?: ToolRequest): Promise<JsonValue>;
  /**
   * Asks whether a tool may be called, and resolves with the decision, whichever it is.
   *
   * @throws SessionError `suspended`; `TypeError` for a policy that nobody could meet
   */
  requestApproval(name: string, input: JsonValue, options?: ApprovalRequest): Promise<ApprovalOutcome>;
  /**
   * Runs a tool of the agent's own, and shows it: at most once, whichever process dies when, unless it is `idempotent`. Give
   * the `id` of a call that was approved.
   *
   * @throws SessionError `failed`: a process was lost while it ran; `forbidden`: it was not approved; what `execute` throws
   */
  callTool(
    name: string,
    input: JsonValue,
    execute: (input: JsonValue, context: ToolContext) => JsonValue | Promise<JsonValue>,
    options?: ToolOptions,
  ): Promise<JsonValue>;
  /** The session's shared state as it stands. */
  readonly sharedState: Readonly<Record<string, JsonValue>>;
  /**
   * Sets one key of the session's shared state, or deletes it (undefined). The last writer wins, in the channel's order. Resolves
   * when it stands in `sharedState`, or what somebody wrote over it.
   *
   * @throws SessionError `too_large` for what doesn't fit into one message of the channel; ChannelError as `Channel.publish`; what
   * `signal` was aborted with
   */
  setState(key: string, value: JsonValue | undefined): Promise<void>;
  /**
   * Says who answers from now on: asks for a person, or hands to one or to an agent by its name. This run goes on.
   *
   * @throws ChannelError as `Channel.publish`
   */
  floor(
    act: 'ask' | 'hand' | 'release',
    options?: Pick<FloorRecord, 'to' | 'as' | 'reason'>,
  ): Promise<Receipt>;
  /** The private lane of the session: what staff and agents tell each other. The agent's token has to name it (`staffLane`). */
  readonly notes: {
    /** The newest ones, oldest first; at most `limit`, default 50. @throws ChannelError `forbidden` without the capability */
    read(options?: { readonly limit?: number }): Promise<readonly Note[]>;
    /** About the run's question, unless it says otherwise. @throws SessionError `invalid` without parts; ChannelError */
    write(note: OutgoingNote): Promise<Receipt>;
  };
  /**
   * Asks another agent of this session, or this one, as a run that nests under this one. Whoever looks on sees it at work,
   * and may cancel it alone; cancelling this run cancels it too. A handler that is called again finds what it asked before.
   *
   * @throws SessionError `limit`: too many sub-runs are under way, or they nest too deep
   */
  delegate(to: string, task: string | Task, options?: DelegateOptions): Delegated;
  /** How the run ends when the handler returns. Default `complete`, or `suspended` where a call or an approval still waits. */
  end(status: 'complete' | 'suspended' | 'error', reason?: string): void;
  /** What observers are told while nothing is written. Default `thinking`. */
  state(state: AgentState): void;
  /** What the policy for nobody watching has made of this run so far, in this process. */
  attention(): AttentionReport;
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
  /**
   * Takes runs of any session as they come. Its workers hear of them in the agent's inbox, and share them without a leader:
   * any number may listen. Whoever publishes questions has to tell the inbox: a gateway with `agents`, or `wakeAgents`.
   * Resolves when it listens.
   *
   * @throws ChannelError when the inbox can't be followed; `TypeError` for a name that can have none
   */
  listen(options?: ListenOptions): Promise<void>;
  /**
   * Answers a request that was signed by `signInvocation`: does the run that it is for, and what waits behind it in that
   * session. With `waitUntil` the response comes at once (202), without it when the work is done (200, with the run's status). A
   * request that is not good gets 400, 401, 403 or 405 and starts nothing.
   *
   * @throws TypeError without the option `invocations`
   */
  handle(request: Request, options?: HandleOptions): Promise<Response>;
  /** Does one run and resolves when it is over here; `taken: false` when another has it or it has ended. */
  take(session: string, run: RunId): Promise<{ readonly taken: boolean }>;
  /** Stops taking runs, gives those under way `drainMs` to finish (default 10,000), then leaves them to others. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}
