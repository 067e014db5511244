import type { AnnotationPage } from '../annotation.ts';
import type { ChannelFeatures, HistoryQuery, Page } from '../contract.ts';
import type { Delivery } from '../delivery.ts';
import type { ChannelError } from '../errors.ts';
import type { Cursor, Position, Serial, Version } from '../ids.ts';
import type { Author, Draft, Message, Signal } from '../message.ts';
import type { Operation, Receipt } from '../operation.ts';
import type { Member, PresenceEvent } from '../presence.ts';

/**
 * What a storage backend does for `createEngineChannels`: commits that are atomic per channel, reads of folded state,
 * and a live tail. It keeps folded messages only; catching up is asking which messages changed, so no change log is
 * needed. All authority is the caller's: an engine trusts `publisher`.
 */
export interface Engine {
  readonly features: ChannelFeatures;

  /**
   * Applies operations of one publisher to one channel in order, atomically with their log order: dedupes, assigns
   * serials and versions, folds into the message, stores, then notifies tails. Outcomes come in the order of the
   * operations; after a refused one the rest are not tried (they have no outcome). Creates only: all or none.
   * Resolves when what succeeded is durable. Rejects with a ChannelError only if nothing of it was stored.
   */
  commit(
    channel: string,
    publisher: Publisher,
    operations: readonly Operation[],
  ): Promise<readonly Outcome[]>;

  signal(channel: string, publisher: Publisher, draft: Draft): Promise<void>;

  /** Follows what is committed after the returned head. `lost` in place of a change says that some were missed. */
  tail(channel: string, listener: (event: TailEvent) => void): Promise<Tail>;

  /** Messages changed after `position` in order of version; `undefined` where that can't be known. */
  changesSince(channel: string, position: Position): Promise<Changes | undefined>;

  message(channel: string, serial: Serial): Promise<Message | undefined>;
  page(channel: string, query: HistoryQuery): Promise<Page>;
  annotations(
    channel: string,
    serial: Serial,
    query: { readonly cursor?: Cursor; readonly limit?: number },
  ): Promise<AnnotationPage>;

  /** Adds or renews a member for one lease. */
  enter(channel: string, member: Member): Promise<void>;
  leave(channel: string, memberId: string): Promise<void>;
  /** Renews the lease of everything that this connection has entered. */
  renew(memberId: string): Promise<void>;
  members(channel: string): Promise<readonly Member[]>;

  close(): Promise<void>;
}

/** An authenticated publisher. `connectionId` stands in as the owner of what an anonymous one creates. */
export interface Publisher extends Author {
  readonly connectionId: string;
}

export type Outcome =
  { readonly ok: true; readonly receipt: Receipt } | { readonly ok: false; readonly error: ChannelError };

/** A committed change. */
export type Change = Exclude<Delivery, { readonly kind: 'signal' | 'gap' }>;

export type TailEvent =
  | Change
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'presence'; readonly event: PresenceEvent }
  | { readonly kind: 'lost' };

export interface Tail {
  readonly head: Position;
  close(): void;
}

/** A message that changed, and since when its text has only grown: a reader at a later version needs only the suffix. */
export interface ChangedMessage {
  readonly message: Message;
  readonly rewritten: Version;
}

export interface Changes {
  readonly changed: readonly ChangedMessage[];
  readonly head: Position;
}
