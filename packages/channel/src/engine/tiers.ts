import type { Annotation, AnnotationPage } from '../annotation.ts';
import type { Page } from '../contract.ts';
import type { Cursor, Serial, Version } from '../ids.ts';
import type { Message } from '../message.ts';
import type { Stored } from './commit.ts';
import type { ChangedMessage, Engine } from './port.ts';

/** A message with all that an engine knows of it: what one engine hands to another. */
export interface Entry {
  readonly stored: Stored;
  /** Single annotations, oldest first. */
  readonly annotations: readonly Annotation[];
}

/** Names one state of a message: two copies with the same last change say the same. */
export interface Copy {
  readonly serial: Serial;
  readonly changed: Version;
}

/** Messages by what operations call them. */
export interface Names {
  readonly serials: readonly Serial[];
  readonly ids: readonly string[];
}

/** How far a cold store reaches in a session, as ticks; 0 where it has nothing. */
export interface Extent {
  /** No message that it has was created later. */
  readonly newest: number;
  /** No message that it has was changed later. */
  readonly changed: number;
}

/**
 * What the cold one of two engines does: it keeps messages that have settled, as the hot one had them, and issues nothing
 * itself. It never gives up a message that it was given, unless by its own retention; a message that has been brought
 * back to the hot engine stays as it was until a later state comes. Rejects with ChannelErrors only.
 */
export interface ColdStore {
  /** How far it reaches, and the fence that was set last. */
  extent(channel: string): Promise<Extent & { readonly fence: string | undefined }>;

  /** From now on takes messages of this session under `fence` only, and says how far it reaches: both at one moment. */
  claim(channel: string, fence: string): Promise<Extent>;

  /**
   * Stores messages, where it hasn't a later state of them. Resolves when that is durable, with the states that it need
   * not be given again, read back; undefined where another fence was set meanwhile, and then nothing was stored.
   */
  put(channel: string, fence: string, entries: readonly Entry[]): Promise<readonly Copy[] | undefined>;

  /** Which states it has of some messages. */
  copies(channel: string, serials: readonly Serial[]): Promise<readonly Copy[]>;

  /** The messages that have one of these serials or ids. */
  load(channel: string, names: Names): Promise<readonly Entry[]>;

  /** Newest first, those created before the tick `below`. */
  page(channel: string, query: { readonly below: number; readonly limit: number }): Promise<Page>;

  /** Messages changed after a tick; undefined where that is too much to read, or no longer known. */
  changesSince(channel: string, tick: number): Promise<readonly ChangedMessage[] | undefined>;

  message(channel: string, serial: Serial): Promise<Message | undefined>;

  /** @throws ChannelError `not_found` */
  annotations(
    channel: string,
    serial: Serial,
    query: { readonly cursor?: Cursor; readonly limit?: number },
  ): Promise<AnnotationPage>;

  close(): Promise<void>;
}

/**
 * Where a session stands in the hot engine. `absent`: it has nothing of it. `apart`: it doesn't know what the cold store
 * has, since it has met the session for the first time or has come back from an earlier state. `joined`: it does, and
 * takes commits. `mark` changes with each of these.
 */
export type Standing =
  | { readonly kind: 'absent'; readonly mark: string }
  | { readonly kind: 'apart'; readonly mark: string; readonly copies: readonly Copy[] }
  | ({ readonly kind: 'joined'; readonly mark: string } & Extent);

/** What the cold store has, as a session learns it. */
export interface Join extends Extent {
  readonly fence: string;
  /** States that the cold store has as well, or later ones of the same messages. */
  readonly drop: readonly Copy[];
}

/** Messages to be moved, and under which fence. */
export interface Settled {
  readonly fence: string;
  /** Those that changed longest ago come first. */
  readonly entries: readonly Entry[];
  /** When the oldest change was made that is too young, in milliseconds since 1970; undefined where there is none. */
  readonly next: number | undefined;
}

/** What a hot engine asks of whoever has put it above a cold store. */
export interface Below {
  /** Sees to it that a session which is absent or apart is joined. */
  join(channel: string): Promise<void>;
  recall(channel: string, names: Names): Promise<readonly Entry[]>;
}

/**
 * An engine that can be the hot one of two. Once `tier` has been called, it commits to joined sessions only, and looks
 * below for what operations name and it doesn't have: it takes in what it finds there, with the commit or not at all, and
 * not if messages have been dropped meanwhile. All other calls tell what it has itself.
 */
export interface HotEngine extends Engine {
  /** @throws TypeError where this engine takes away messages by itself */
  tier(below: Below): HotTier;
}

/** Each of these is one step, atomic with all commits to the session. */
export interface HotTier {
  standing(channel: string): Promise<Standing>;
  /**
   * Joins a session that still stands at `mark`; does nothing where it no longer does. Of one that is joined already the
   * fence changes, and the extent only grows. No tick that is issued afterwards is as low as `changed`.
   */
  join(channel: string, mark: string, join: Join): Promise<void>;
  /** Messages that nothing has happened to for so long; undefined where the session is not joined. */
  settled(
    channel: string,
    query: { readonly idleMs: number; readonly limit: number },
  ): Promise<Settled | undefined>;
  /** Forgets messages that are still in these states; says how many. */
  drop(channel: string, copies: readonly Copy[]): Promise<number>;
  /** The sessions of which it has messages. */
  channels(): AsyncIterable<string>;
}
