import type {
  AnnotationDraft,
  AnnotationPage,
  Channels,
  Cursor,
  JsonValue,
  Receipt,
  Signal,
} from '@holdfast/channel';
import type { Part } from '@holdfast/codec';
import type { AnswerRecord, Delivery, FloorRecord } from './records.ts';
import type { DeviceId, MessageId, RunId } from './ids.ts';
import type { OpenOutbox, Sent, Unsent } from './session/outbox.ts';
import type { Run, SessionMessage, SessionSnapshot } from './snapshot.ts';

export type { Sent } from './session/outbox.ts';

export interface SessionOptions {
  readonly channels: Channels;
  /** The session's name is its channel's. No `:`, `*`, `[` or control characters. */
  readonly name: string;
  /** Default: random per tab, kept over reloads; random per call where there is no tab. */
  readonly device?: DeviceId;
  /** Messages per page of history. Default 50. */
  readonly pageSize?: number;
  /**
   * Where records wait until they are sent. Default: in this session, for up to an hour; `@holdfast/core/outbox` has one that
   * keeps them over a reload.
   */
  readonly outbox?: OpenOutbox;
}

/** One participant's hold on a session. Everything it shows follows from the records on the channel. */
export interface Session {
  readonly name: string;
  readonly device: DeviceId;
  readonly clientId: string | undefined;
  readonly snapshot: SessionSnapshot;
  /** Calls `listener` after each change of `snapshot`, at most once in 16 ms. Shaped for useSyncExternalStore. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Resolves when the newest page is loaded and live; rejects when it can't be opened. */
  readonly ready: Promise<void>;
  /** What is written here and not sent; undefined without an `outbox` that keeps it. With one, `send` need not wait for `ready`. */
  readonly unsent: Unsent | undefined;

  send(message: OutgoingMessage, options?: SendOptions): Sent;
  regenerate(
    target: { readonly input: MessageId } | { readonly output: MessageId },
    options?: { readonly run?: RunId; readonly to?: string },
  ): Sent;
  /** Cancels one run and its sub-runs, or several; without a run, every run that has not ended. */
  cancel(
    run?: RunId | readonly RunId[],
    options?: { readonly only?: boolean; readonly reason?: string },
  ): Promise<void>;
  steer(run: RunId, message: OutgoingMessage): Promise<Receipt>;
  answer(
    call: { readonly run: RunId; readonly callId: string },
    answer: AnswerRecord['answer'],
  ): Promise<Receipt>;
  /**
   * Adds to what is counted beside a message, or takes it back; `@holdfast/core/annotations` has ready ones.
   *
   * @throws SessionError `not_found`; ChannelError as `Channel.publish`
   */
  annotate(message: MessageId, annotation: AnnotationDraft): Promise<Receipt>;
  /** Single annotations of a message, oldest first, page by page. @throws SessionError `not_found`; ChannelError */
  annotations(
    message: MessageId,
    query?: { readonly cursor?: Cursor; readonly limit?: number },
  ): Promise<AnnotationPage>;
  /**
   * Sets one key of the shared state, or deletes it (undefined): shown at once, and taken back where it is refused. The last
   * writer wins, in the channel's order.
   *
   * @throws SessionError `too_large` for what doesn't fit into one message of the channel; `refused`, `unavailable`, `closed`
   */
  setState(key: string, value: JsonValue | undefined): Promise<Receipt>;
  /**
   * Says who answers. Resolves when it is stored; whether it counts `snapshot.floor` tells, and `snapshot.refusals` why not: a
   * colleague was first (`late`), or it is not this participant's to say (`forbidden`).
   */
  floor(act: FloorRecord['act'], options?: Omit<FloorRecord, 'kind' | 'act'>): Promise<Receipt>;

  /** Shows another sibling in this session's own view. */
  select(message: MessageId): void;
  run(id: RunId): Run | undefined;
  message(id: MessageId): SessionMessage | undefined;
  /** What stands of a run's log. */
  log(run: RunId): string;
  /** One page more of history; false when there is none. */
  loadOlder(): Promise<boolean>;

  /** Calls `listener` with each signal on the channel, as it is: signals are never stored, and unordered with the log. */
  readonly onSignal: (listener: (signal: Signal) => void) => () => void;

  /** Enters presence with `data` (default null): others see this participant until it closes. */
  enter(data?: JsonValue): Promise<void>;
  leave(): Promise<void>;
  close(): Promise<void>;
}

export interface OutgoingMessage {
  /** Default: random. An id that exists edits that message: the new one becomes its sibling. */
  readonly id?: MessageId;
  readonly role?: 'user' | 'system';
  readonly parts: readonly Part[];
  readonly metadata?: JsonValue;
}

export interface SendOptions {
  readonly run?: RunId;
  /** The message it follows. Default: the newest of the view. */
  readonly parent?: MessageId | null;
  readonly to?: string;
  readonly delivery?: Delivery;
  /** A queued run in whose place this one is asked for; refused as `late` once an agent has taken that. */
  readonly replaces?: RunId;
}
