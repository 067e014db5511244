import type { Channels, Claims } from '@holdfast/channel';
import type { Capabilities } from '@holdfast/server';

/** Somebody who connects. */
export interface Who {
  readonly clientId: string;
  /** Default: a participant. */
  readonly role?: 'agent' | 'staff';
  /** Stamped beside the role. */
  readonly claims?: Claims;
  /** What of which channels, as a gateway's tokens say it. Default: everything. */
  readonly capabilities?: Capabilities;
  /** Told of all that comes down this connection's line. Memory has none. */
  readonly onBytes?: (bytes: Buffer) => void;
}

/** Where sessions live: connections with identities that it has verified. */
export interface Backend {
  /** Whether it holds connections to their capabilities. Memory is one process, which trusts itself. */
  readonly isGuarded: boolean;
  /** Resolves when connected. */
  connect(who: Who): Promise<Channels>;
  /** Breaks the connection of one of its channels, until the returned function is called. */
  cut(channels: Channels): () => void;
  /** Forgets all but the newest `keep` messages of a channel, as a retention does. */
  expire(channel: string, keep: number): Promise<void>;
  close(): Promise<void>;
}

/** Everything that is stamped on what somebody publishes; undefined for nothing. */
export function claimsOf({ role, claims }: Who): Claims | undefined {
  return role === undefined ? claims : { ...claims, role };
}
