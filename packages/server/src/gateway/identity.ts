import type { Claims } from '@holdfast/channel';
import type { IncomingMessage } from 'node:http';

/** What a client may do on a channel. `publish` covers creates, appends, updates, deletes and signals. */
export type CapabilityOperation = 'publish' | 'subscribe' | 'history' | 'presence' | 'annotate';

/** By channel: a name, a prefix followed by `*`, or `*` for all. Where several fit, what any of them allows is allowed. */
export type Capabilities = Readonly<Record<string, readonly (CapabilityOperation | '*')[]>>;

/** Who a client is and what it may do, as `authenticate` vouches for it. */
export interface Identity {
  /** Stamped on everything the client publishes. Absent: anonymous. */
  readonly clientId?: string;
  /** Stamped as well. `role` decides what the client may say in a session: `agent`, `staff`, else a participant. */
  readonly claims?: Claims;
  readonly capabilities: Capabilities;
  /** Until when this holds, in milliseconds since 1970; the connection then ends. Absent: for as long as it lasts. */
  readonly expires?: number;
}

/**
 * Decides who a client is. `token` is what it said, `request` how it came. Called at each connection and each renewal.
 * Refuse with a ChannelError: `unauthenticated` with the path `token.exp` for a token that has expired (the client gets a
 * fresh one and comes back), any other code that is not retryable to turn the client away for good.
 */
export type Authenticate = (
  token: string | undefined,
  request: IncomingMessage,
) => Identity | Promise<Identity>;
