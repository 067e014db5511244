import type { Connection, Draft, Receipt } from '@holdfast/channel';
import type { DeviceId, MessageId, RunId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import type { Selection } from '../projection/types.ts';
import type { Refusal } from '../snapshot.ts';

/** How a session's records get to its channel: shown at once, stored once and in order, taken away again when they are refused. */
export interface Outbox {
  /** What became of records that were not stored, oldest first. */
  readonly refusals: readonly Refusal[];
  /** What an application can do about messages that are not sent; absent where nothing is kept of them. */
  readonly unsent?: Unsent;
  /**
   * Resolves when the record is stored, by its receipt or by its echo.
   *
   * @throws SessionError `refused`: the channel did not take it; `expired`: it could not be sent in time; `withdrawn`; `closed`
   */
  publish(draft: Draft): Promise<Receipt>;
  /** A record came back on the channel: whatever became of its receipt, it is stored. */
  confirm(id: string, receipt: Receipt): void;
  close(): void;
}

/** What an outbox is opened with: one session's log and view. `changed` is called when `refusals` says something else. */
export interface OutboxContext {
  readonly log: SessionLog;
  readonly connection: Connection;
  readonly device: DeviceId;
  /** The siblings that the session's own view shows. */
  readonly selection: Selection;
  readonly changed: () => void;
}

export type OpenOutbox = (context: OutboxContext) => Outbox;

/** `run` is known at once; `stored` resolves with the receipt, or rejects with a SessionError that the snapshot shows too. */
export interface Sent {
  readonly run: RunId;
  readonly message: MessageId;
  readonly stored: Promise<Receipt>;
}

/** Messages of a session that this device has written and the session does not have. */
export interface Unsent {
  /** What is known of one of them; undefined once it is stored. */
  find(message: MessageId): UnsentMessage | undefined;
  /**
   * Sends a failed message after all: again the last one, with the ids that it had.
   *
   * @throws SessionError `not_found` where no such message has failed
   */
  resend(message: MessageId): Sent;
  /**
   * Takes a message back. One that is being sent, or may have been, is out of sight at once; the promise tells what became of
   * it, as soon as the channel can be asked.
   *
   * @throws SessionError `not_found` for a message that this outbox doesn't have; `closed`
   */
  withdraw(message: MessageId): Promise<Withdrawal>;
}

export interface UnsentMessage {
  readonly message: MessageId;
  readonly run: RunId;
  readonly state: 'waiting' | 'failed' | 'withdrawn';
  /** Why it failed: `expired`, or a `ChannelErrorCode`. */
  readonly code?: string;
  readonly reason?: string;
  /** Milliseconds since 1970: when it was written, and until when it is sent. */
  readonly created: number;
  readonly expires: number;
}

/** `stored`: it was too late, and everybody has the message. `session.cancel(run)` stops its answer. */
export type Withdrawal =
  { readonly outcome: 'withdrawn' } | { readonly outcome: 'stored'; readonly receipt: Receipt };
