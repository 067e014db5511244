import type { JsonValue } from './json.ts';
import type { Serial, Version } from './ids.ts';
import type { AnnotationSummary } from './annotation.ts';

/** Flat string metadata of a message. Never interpreted by a channel. */
export type Headers = Readonly<Record<string, string>>;

/** What an authority vouches for about a publisher, beside its `clientId`. */
export type Claims = Readonly<Record<string, JsonValue>>;

/**
 * What a publisher asks to store.
 *
 * `id` makes the create idempotent: a repeat by the same publisher with the same content takes effect once, any other
 * use of the id is refused with `conflict`. `data` must be a string if the message is ever appended to.
 */
export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly data: JsonValue;
  readonly headers?: Headers;
}

/** Who published, as stamped by the authority that let the publisher in; never taken from the publisher's word. */
export interface Author {
  readonly clientId?: string;
  readonly claims?: Claims;
}

/** A stored message, whole, as of `version`. A deleted one stays as a tombstone with empty `data` and `headers`. */
export interface Message extends Author {
  readonly serial: Serial;
  readonly version: Version;
  readonly id: string;
  readonly name: string;
  readonly data: JsonValue;
  readonly headers: Headers;
  /** When it was created, in milliseconds since 1970 by the channel's clock. */
  readonly timestamp: number;
  readonly deleted?: true;
  /** Set once a `create` with `seals` named this message: every later change to it is refused. */
  readonly sealed?: true;
  readonly annotations?: AnnotationSummary;
}

/** A message that is delivered to whoever listens and never stored: it has no serial and cannot be found in history. */
export interface Signal extends Author {
  readonly id: string;
  readonly name: string;
  readonly data: JsonValue;
  readonly headers: Headers;
  readonly timestamp: number;
}
