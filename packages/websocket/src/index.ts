import { createRandomId, type Channels } from '@holdfast/channel';
import type { BackOff } from './back-off.ts';
import { createGatewayChannels } from './gateway-channels.ts';
import { createRoute, type Transport } from './route.ts';
import type { WebSocketConstructor } from './web-socket-link.ts';

export type { BackOff } from './back-off.ts';
export type { Transport } from './route.ts';
export type { WebSocketConstructor, WebSocketLike } from './web-socket-link.ts';

export interface WebSocketChannelsOptions {
  /** The gateway's address: `wss://example.com/holdfast`. */
  readonly url: string;
  /**
   * What lets this client in, or how to get it. A function is asked at each connection and again before a token expires; with
   * a fixed token the channels are closed when it expires. All tokens must be for one client. Default: none.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** Default `globalThis.WebSocket`; on Node 20, pass the one of `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  /** `auto` uses HTTP (events down, requests up) where WebSockets don't get through. Default `auto`. */
  readonly transport?: Transport;
  /** The window in which the gateway may join appends of one message, 0 to 500 milliseconds. Default 40. */
  readonly rollupMs?: number;
  /** Waits between attempts to connect. */
  readonly backoff?: BackOff;
  /**
   * How long calls wait for a connection that is away, in milliseconds; after that they reject with `unavailable`, or
   * `unknown_outcome` if they had been sent, until it is back. Default 30,000.
   */
  readonly offlineMs?: number;
  /** Between 0 and 1; for jitter. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Channels over a Holdfast gateway. Connects at the first call on a channel, and again whenever the connection breaks:
 * subscriptions go on from where they stand, publishes without an answer are sent again in their order and take effect once,
 * presence is entered again.
 *
 * When the gateway refuses this client for good, `connection.state` is `closed` with the reason: `unauthenticated` for a
 * token that is missing, forged or (if fixed) expired, `forbidden` where it is for another client than before,
 * `unsupported` for another version of the protocol.
 *
 * @throws TypeError for options that can't be right
 */
export function createWebSocketChannels(options: WebSocketChannelsOptions): Channels {
  const { rollupMs = 40, backoff = {}, offlineMs = 30_000, random = Math.random, token } = options;
  if (!Number.isInteger(rollupMs) || rollupMs < 0 || rollupMs > 500)
    throw new TypeError('rollupMs must be a whole number from 0 to 500');
  return createGatewayChannels({
    route: createRoute(options),
    key: createRandomId(),
    token,
    rollupMs,
    backoff,
    random,
    offlineMs,
  });
}
