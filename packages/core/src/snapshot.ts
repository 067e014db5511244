import type { AnnotationSummary, Claims, JsonValue, Member, Serial } from '@holdfast/channel';
import type { ContentMessage, Part } from '@holdfast/codec';
import type { Delivery, FloorRecord } from './records.ts';
import type { DeviceId, MessageId, RecordId, RunId } from './ids.ts';

/** The session as it stands, one immutable value: unchanged slots keep their identity from snapshot to snapshot. */
export interface SessionSnapshot {
  /** `connecting` until the first page is there; `live` while caught up; `offline` when the connection is lost. */
  readonly status: 'connecting' | 'live' | 'offline' | 'closed';
  /** Every run of the loaded history, oldest first. */
  readonly runs: readonly Run[];
  /** The branch that the session's own view shows, oldest first. */
  readonly messages: readonly SessionMessage[];
  readonly participants: readonly Participant[];
  readonly state: Readonly<Record<string, JsonValue>>;
  readonly floor: Floor;
  /** This client's own records that were refused. */
  readonly refusals: readonly Refusal[];
  /** There is older history to load. */
  readonly hasOlder: boolean;
}

export type Role = 'agent' | 'staff' | 'participant';

export interface SessionMessage {
  readonly id: MessageId;
  /** `assistant` for answers: those of agents, and what people say while a person holds the floor. `author` tells these apart. */
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: readonly Part[];
  readonly metadata?: JsonValue;
  readonly finish?: NonNullable<ContentMessage['finish']>;
  readonly parent: MessageId | null;
  /** The messages which share its parent, itself included, oldest first. */
  readonly siblings: readonly MessageId[];
  readonly author: { readonly clientId?: string; readonly claims?: Claims; readonly role: Role };
  /** The run that it asks for (a user message) or that wrote it (an assistant message). */
  readonly run?: RunId;
  /** `sending` until its receipt or its echo; `failed` when it was refused or has expired, and an outbox keeps it. */
  readonly delivery: 'sending' | 'sent' | 'failed';
  readonly serial?: Serial;
  /** Milliseconds since 1970, the channel's clock once stored. */
  readonly timestamp: number;
  readonly deleted?: true;
  readonly annotations?: AnnotationSummary;
}

export type RunStatus =
  'queued' | 'active' | 'suspended' | 'cancelling' | 'complete' | 'cancelled' | 'error' | 'lost';

export interface Run {
  readonly id: RunId;
  /** The message it answers. */
  readonly input: MessageId;
  /** The message that answers, known from the first output on. */
  readonly output?: MessageId;
  readonly status: RunStatus;
  /** Why it ended as it did. */
  readonly reason?: string;
  readonly agent?: { readonly clientId?: string; readonly name: string };
  readonly to?: string;
  readonly delivery: Delivery;
  /** Queued, and no agent may take it, because a person holds the floor. */
  readonly held?: true;
  /** The run that it is a sub-task of; `runTree` of `@holdfast/core/agents` shows who does what. */
  readonly parentRun?: RunId;
  /** What who asked calls the work. */
  readonly label?: string;
  /** The device that asked. */
  readonly device?: DeviceId;
  readonly author: { readonly clientId?: string; readonly role: Role };
  readonly attempts: number;
  /** Steering given to it, in order. */
  readonly steers: readonly GivenSteer[];
  /** Decisions and tool results given to it, whether or not they count: what its agent made of them the call's part says. */
  readonly answers: readonly GivenAnswer[];
  /** Serial of the record that asked for it; absent until that is stored. */
  readonly serial?: Serial;
  /** Length of what stands of its log, in UTF-16 code units. */
  readonly length: number;
}

/** What became of something said to a run. `why` is how the run ended before its model could be given it. */
export type GivenSteer =
  | { readonly record: RecordId; readonly outcome: 'pending' | 'delivered' }
  | { readonly record: RecordId; readonly outcome: 'undelivered'; readonly why: RunStatus };

/** An `answer` record, as it was given. */
export interface GivenAnswer {
  readonly record: RecordId;
  readonly callId: string;
  readonly approvalId?: string;
  readonly clientId?: string;
  readonly device?: DeviceId;
}

/** A run is over: nothing more will come from it. */
export function isEnded(status: RunStatus): boolean {
  return status === 'complete' || status === 'cancelled' || status === 'error' || status === 'lost';
}

export interface Participant extends Member {
  readonly role: Role;
}

export interface Floor {
  /** Who answers: the agents, or the one that `name` names; or a person. */
  readonly holder:
    | { readonly kind: 'agents'; readonly name?: string }
    | { readonly kind: 'person'; readonly clientId?: string };
  readonly asked?: { readonly by?: string; readonly reason?: string };
  readonly last?: FloorRecord;
}

/** A record of this client that the channel or the session's rules refused. */
export interface Refusal {
  readonly record: RecordId;
  readonly kind: string;
  readonly code: string;
  readonly message: string;
}
