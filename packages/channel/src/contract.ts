import type { AnnotationPage } from './annotation.ts';
import type { ChannelError } from './errors.ts';
import type { Cursor, Position, Serial } from './ids.ts';
import type { Delivery } from './delivery.ts';
import type { Draft, Message } from './message.ts';
import type { Operation, Receipt } from './operation.ts';
import type { Presence } from './presence.ts';

/**
 * A channel is an ordered, durable log of messages, each of which can grow by appends, with live delivery, presence
 * and annotations.
 *
 * It promises: one order for all subscribers, and a publisher's own calls take effect in the order in which they were
 * made (I1); `history({ until: subscription.start })` plus the deliveries after it is the whole log, each message once
 * (I2); a subscription's first word about a message is the whole message, and after a drop nothing is missed or counted
 * twice (I3); where continuity can't be proved there is a `gap`, never silence (I4); retries take effect once (I5);
 * history holds one message however many appends made it (I6); a receipt means stored (I7); presence ends with the
 * process (I8); what is refused is refused with a `ChannelError` before anything is stored, and the channel works on (I9).
 */
export interface Channel {
  readonly name: string;
  readonly features: ChannelFeatures;

  /**
   * Publishes operations, in order; receipts come in the same order. An array of creates takes effect as a whole or not
   * at all; a mixed array stops at the first operation that is refused. Aborting rejects with the signal's reason and
   * leaves the outcome unknown.
   *
   * @throws ChannelError `invalid`, `forbidden`, `conflict`, `sealed`, `not_found`, `too_large`, `rate_limited`,
   * `unavailable`, `closed`
   */
  publish(
    operations: Operation | readonly Operation[],
    options?: PublishOptions,
  ): Promise<readonly Receipt[]>;

  /**
   * Delivers a message to current subscribers without storing it.
   *
   * @throws ChannelError `invalid`, `forbidden`, `too_large`, `rate_limited`, `unavailable`, `closed`
   */
  signal(draft: Draft): Promise<void>;

  /**
   * Calls `listener` with each delivery until the subscription is closed. Without `from` it starts at the head; with it,
   * at that position, or with a `gap` where that is no longer possible. Reconnection is the adapter's business: a
   * subscription lives until it is closed or fails for good, which `closed` tells.
   *
   * @throws ChannelError `forbidden`, `unavailable`, `closed`
   */
  subscribe(listener: (delivery: Delivery) => void, options?: SubscribeOptions): Promise<Subscription>;

  /**
   * One page of messages, newest first, each at its latest state (at least as fresh as `until`). `until` leaves out
   * messages created after it; `cursor` goes on where the last page ended. `limit` is 1 to 1000, default 100.
   *
   * @throws ChannelError `invalid`, `forbidden`, `unavailable`, `closed`
   */
  history(query?: HistoryQuery): Promise<Page>;

  /** Single annotations of a message, oldest first, adds and removals. @throws ChannelError `not_found`, `forbidden` */
  annotations(
    serial: Serial,
    query?: { readonly cursor?: Cursor; readonly limit?: number },
  ): Promise<AnnotationPage>;

  readonly presence: Presence;
}

/** Opens channels over one connection to one backend. `channel(name)` does no I/O and returns the same object for a name. */
export interface Channels {
  channel(name: string): Channel;
  readonly connection: Connection;
  /** Ends every subscription and presence of these channels. Later calls throw `closed`. */
  close(): Promise<void>;
}

/** `clientId` is known once connected; undefined for an anonymous connection. */
export interface Connection {
  readonly state: ConnectionState;
  readonly clientId: string | undefined;
  /** Calls `listener` at each change of state, until the returned function is called. */
  subscribe(listener: (state: ConnectionState) => void): () => void;
}

export type ConnectionState =
  | { readonly status: 'connecting' }
  | { readonly status: 'connected' }
  /** Lost; the adapter is trying again. */
  | { readonly status: 'disconnected'; readonly reason?: ChannelError }
  /** Closed by the caller, or for a reason that trying again can't mend. */
  | { readonly status: 'closed'; readonly reason?: ChannelError };

export interface PublishOptions {
  readonly signal?: AbortSignal;
}

export interface SubscribeOptions {
  readonly from?: Position;
  /**
   * What the caller holds of messages as of `from`, or later: length of their data by serial, in UTF-16 code units. For
   * these a channel may start with an `append` instead of the whole message.
   */
  readonly known?: ReadonlyMap<Serial, number>;
}

export interface Subscription {
  /** The position at which live delivery started: history up to here plus the deliveries is everything. */
  readonly start: Position;
  /** Resolves when it ends: without an error after `close()`, with one when it failed for good. Never rejects. */
  readonly closed: Promise<ChannelError | undefined>;
  close(): void;
}

export interface HistoryQuery {
  readonly until?: Position;
  readonly cursor?: Cursor;
  readonly limit?: number;
}

export interface Page {
  readonly messages: readonly Message[];
  /** Where the next older page starts; absent on the last page. */
  readonly next?: Cursor;
}

/** What a backend can do, as data. */
export interface ChannelFeatures {
  /** The largest message it stores, in bytes of UTF-8 JSON: `data`, `headers`, `name` and `id` together. */
  readonly maxMessageBytes: number;
  /** An append at a wrong offset is refused with `conflict`. Where false, one append may be in flight at a time. */
  readonly checksOffsets: boolean;
  /** `create` with `seals` is honoured. */
  readonly seal: boolean;
  /** How many operations per second a publisher may send on one channel, where the backend states a limit. */
  readonly operationsPerSecond?: number;
  /** How long a presence member outlives a process that died, in milliseconds. */
  readonly presenceLeaseMs: number;
}
