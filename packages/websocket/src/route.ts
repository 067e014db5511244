import { dialHttp } from './http-link.ts';
import type { Link, LinkEvents } from './link.ts';
import { dialWebSocket, type WebSocketConstructor } from './web-socket-link.ts';

export type Transport = 'auto' | 'websocket' | 'http';

export interface RouteOptions {
  readonly url: string;
  readonly transport?: Transport;
  readonly WebSocket?: WebSocketConstructor;
}

/** Chooses the transport, and learns which one gets through. */
export interface Route {
  readonly dial: (events: LinkEvents) => Link;
  /** The last link led to the gateway, or it didn't. */
  report(worked: boolean): void;
}

/** WebSockets that fail this often in a row are taken for blocked, if HTTP then works. */
const MAX_FAILURES = 2;

/** @throws TypeError for a URL that is none, or where WebSockets are wanted and there are none */
export function createRoute({
  url,
  transport = 'auto',
  WebSocket = globalThis.WebSocket,
}: RouteOptions): Route {
  const address = URL.canParse(url) ? new URL(url).href : '';
  if (!/^(ws|http)s?:/.test(address))
    throw new TypeError(`url must be the gateway's address with ws or wss, not ${url}`);
  if (typeof WebSocket !== 'function' && transport !== 'http')
    throw new TypeError('There is no WebSocket here: pass that of the package ws.');
  /** Of WebSockets in a row; at the maximum it is HTTP's turn, which stays if it works. */
  let failures = 0;
  return {
    dial: (events) =>
      transport === 'http' || (transport === 'auto' && failures === MAX_FAILURES)
        ? dialHttp(address.replace(/^ws/, 'http'), events)
        : dialWebSocket(new WebSocket(address.replace(/^http/, 'ws')), events),
    report(worked) {
      // Where HTTP doesn't work either the gateway is down, which says nothing about WebSockets.
      if (!worked) failures = (failures + 1) % (MAX_FAILURES + 1);
      else if (failures < MAX_FAILURES) failures = 0;
    },
  };
}
