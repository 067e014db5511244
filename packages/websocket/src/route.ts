import type { Route } from './connection.ts';
import { dialHttp } from './http-link.ts';
import type { Dial } from './link.ts';
import { dialWebSocket, type WebSocketConstructor } from './web-socket-link.ts';

export type Transport = 'auto' | 'websocket' | 'http';

export interface RouteOptions {
  readonly url: string;
  readonly transport?: Transport;
  readonly WebSocket?: WebSocketConstructor;
}

/** WebSockets that fail this often in a row are taken for blocked, if HTTP then works. */
const MAX_FAILURES = 2;

/** @throws TypeError for a URL that is none, or where WebSockets are wanted and there are none */
export function createRoute({
  url,
  transport = 'auto',
  WebSocket = globalThis.WebSocket,
}: RouteOptions): Route {
  const address = parseAddress(url);
  if (typeof WebSocket !== 'function' && transport !== 'http')
    throw new TypeError(
      'There is no WebSocket here: pass one as `WebSocket`, for example that of the package ws.',
    );
  const socket = (): Dial => dialWebSocket(address.replace(/^http/, 'ws'), WebSocket);
  const http = (): Dial => dialHttp(address);
  let failures = 0;
  let overHttp = transport === 'http';
  return {
    next() {
      if (transport === 'auto' && !overHttp && failures >= MAX_FAILURES) overHttp = true;
      return overHttp ? http() : socket();
    },
    report(worked) {
      if (worked || transport !== 'auto') failures = 0;
      else if (overHttp) {
        // Neither works: the gateway is down, which says nothing about WebSockets.
        overHttp = false;
        failures = 0;
      } else failures += 1;
    },
  };
}

/** The address with http or https. */
function parseAddress(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^(ws|http)s?:$/.test(address.protocol))
    throw new TypeError(`url must be the gateway's address with ws or wss, not ${JSON.stringify(url)}`);
  return address.href.replace(/^ws/, 'http');
}
