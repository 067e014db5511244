import type { ContentMessage } from '@holdfast/codec';
import type { JsonValue, Serial } from '@holdfast/channel';
import type { DeviceId, MessageId, RecordId, RunId } from './ids.ts';

/**
 * The facts of a session, each one message on its channel: the record's kind is the message's name, its id the
 * message's id, its fields the message's JSON data. Only an `output`'s data is a string, its frame log; its fields are
 * headers.
 */
export type SessionRecord =
  | InputRecord
  | RegenerateRecord
  | OutputRecord
  | CancelRecord
  | AnswerRecord
  | SteerRecord
  | StateRecord
  | FloorRecord;

export type RecordKind = SessionRecord['kind'];

/**
 * What happens to an input that arrives while an agent is answering: it waits for its turn (`queue`), or for the next
 * (`next`); it is given to the running answer (`steer`); it stops that answer and is taken at once (`interrupt`); it is
 * answered beside it (`parallel`); it is turned down (`reject`).
 */
export type Delivery = 'queue' | 'next' | 'steer' | 'interrupt' | 'parallel' | 'reject';

export interface InputRecord {
  readonly kind: 'input';
  readonly message: ContentMessage;
  /** The message it follows; null for the first of the conversation. */
  readonly parent: MessageId | null;
  /** A queued input that this one stands for; counts only below that run's first output. */
  readonly replaces?: RecordId;
  /** The message whose sibling this one is, when it edits an earlier message. */
  readonly edits?: MessageId;
  /** The agent it is for; default the session's. */
  readonly to?: string;
  readonly delivery?: Delivery;
  /** The run that it is a sub-task of. Counts only where an agent asks. */
  readonly parentRun?: RunId;
  /** What who asks calls the work, where agents of one name do several things at once. */
  readonly label?: string;
  readonly device?: DeviceId;
}

/** Asks for another answer to the input whose message is `input`. */
export interface RegenerateRecord {
  readonly kind: 'regenerate';
  readonly input: MessageId;
  readonly to?: string;
  readonly device?: DeviceId;
}

/** A claim on a run, then its frame log. Its fields travel as headers. */
export interface OutputRecord {
  readonly kind: 'output';
  readonly run: RunId;
  /** The predecessor on the run's path; absent for a run's first output. */
  readonly after?: Serial;
  /** Informs only. */
  readonly attempt: number;
  readonly agent: string;
  readonly format: string;
  /** The lowest serial that a reader still needs. */
  readonly horizon?: Serial;
  /** Who holds the floor as its writer sees it: `agents`, `agent:` and a name, `person`, or `person:` and a clientId. */
  readonly floor?: string;
  /** The last state checkpoint that its writer knows. */
  readonly checkpoint?: Serial;
  readonly log: string;
}

export interface CancelRecord {
  readonly kind: 'cancel';
  readonly run: RunId;
  /** Leave the run's sub-runs alone. Default false: the whole tree is cancelled. */
  readonly only?: boolean;
  readonly reason?: string;
}

/** An approval decision or a client tool's result. Counts when the agent's log says so. */
export interface AnswerRecord {
  readonly kind: 'answer';
  readonly run: RunId;
  readonly callId: string;
  readonly answer:
    | {
        readonly type: 'approval';
        readonly approvalId: string;
        readonly ok: boolean;
        readonly reason?: string;
        readonly input?: JsonValue;
        readonly digest?: string;
      }
    | { readonly type: 'output'; readonly output: JsonValue }
    | { readonly type: 'error'; readonly error: string };
  readonly device?: DeviceId;
}

export interface SteerRecord {
  readonly kind: 'steer';
  readonly run: RunId;
  readonly message: ContentMessage;
}

/**
 * Sets one key of the shared state, or deletes it (no `value`). An agent's checkpoint states the whole of it instead, so
 * that readers need no older record: `all` stands for every key, and `key` is empty. It says how the state was after the
 * record with the serial `upTo`; without that, just before itself.
 */
export interface StateRecord {
  readonly kind: 'state';
  readonly key: string;
  readonly value?: JsonValue;
  readonly all?: Readonly<Record<string, JsonValue>>;
  readonly upTo?: Serial;
}

export interface FloorRecord {
  readonly kind: 'floor';
  readonly act: 'ask' | 'take' | 'release' | 'hand';
  /** Whom it is handed to: a clientId or an agent's name; without it, the agents. */
  readonly to?: string;
  /** What `to` names. Default `person`. */
  readonly as?: 'person' | 'agent';
  /**
   * Who has it, by clientId. What a colleague has is taken from that one only; a release or a hand says it for readers who
   * don't load the take.
   */
  readonly from?: string;
  readonly reason?: string;
}

/** Ephemeral: names of the signals on a session's channel. */
export type SessionSignal =
  | {
      readonly kind: 'beat';
      readonly run: RunId;
      readonly agent: string;
      readonly state: AgentState;
      readonly progress: number;
    }
  | {
      readonly kind: 'transient';
      readonly run: RunId;
      readonly codec: string;
      readonly chunks: readonly JsonValue[];
    }
  | { readonly kind: 'wake'; readonly run: RunId };

/** What a silent agent is doing. */
export type AgentState =
  | { readonly doing: 'queued' | 'thinking' | 'streaming' | 'closing' }
  | { readonly doing: 'calling'; readonly tool: string }
  | {
      readonly doing: 'waiting';
      readonly for: 'approval' | 'client-tool' | 'person' | 'agent';
      readonly who?: string;
    };
