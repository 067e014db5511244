import type { BackoffOptions } from '@holdfast/channel';
import type { Transport } from './route.ts';
import type { WebSocketConstructor } from './web-socket-link.ts';

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
  readonly backoff?: BackoffOptions;
  /**
   * How long calls wait for a connection that is away, in milliseconds; after that they reject with `unavailable`, or
   * `unknown_outcome` if they had been sent, until it is back. Default 30,000.
   */
  readonly offlineMs?: number;
  /** Between 0 and 1; for jitter. Default `Math.random`. */
  readonly random?: () => number;
}
