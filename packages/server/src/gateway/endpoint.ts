import { createRandomId } from '@holdfast/channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { acceptClient } from './accept.ts';
import type { GatewayContext } from './context.ts';
import { openHttpPipe } from './http-pipe.ts';
import type { PipeEvents } from './pipe.ts';
import { readBody } from './read-body.ts';
import { openWebSocketPipe } from './web-socket-pipe.ts';

export interface EndpointOptions {
  readonly context: GatewayContext;
  /** Where the endpoint lies: `/holdfast`. */
  readonly path: string;
  /** The web origins that may come in; undefined for all. */
  readonly origins: readonly string[] | undefined;
}

/** The gateway under an HTTP server. Both return false for what is not theirs. */
export interface Endpoint {
  request(request: IncomingMessage, response: ServerResponse): boolean;
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): boolean;
  /** Lets nobody in any more, and says so to those who ask for its health. */
  drain(): void;
}

export function createEndpoint({ context, path, origins }: EndpointOptions): Endpoint {
  const { limits, logger, metrics } = context;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  /** Open streams by their secret names. */
  const streams = new Map<string, PipeEvents>();
  let draining = false;

  const isWelcome = ({ headers: { origin } }: IncomingMessage): boolean =>
    origin === undefined || origins === undefined || origins.includes(origin);

  const down = (request: IncomingMessage, response: ServerResponse): void => {
    const name = createRandomId();
    acceptClient(context, request, (events) => {
      streams.set(name, events);
      response.on('close', () => streams.delete(name));
      return openHttpPipe(response, name, events);
    });
  };

  const up = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, limits.frameBytes);
    if (body === undefined) return void response.writeHead(413).end();
    const [name = '', ...frames] = body.split('\n');
    const stream = streams.get(name);
    if (stream === undefined) return void response.writeHead(404).end();
    for (const frame of frames) stream.received(frame);
    response.writeHead(204).end();
  };

  const report = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
  };

  const fail = (response: ServerResponse) => (error: unknown) => {
    logger.warn({ err: error }, 'a request failed');
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  };

  const serve = (route: string, request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', headers } = request;
    if (!isWelcome(request)) return void response.writeHead(403).end();
    if (headers.origin !== undefined) {
      response.setHeader('access-control-allow-origin', headers.origin);
      response.setHeader('vary', 'origin');
    }
    switch (`${method} ${route}`) {
      case 'GET /health':
        return void response
          .writeHead(draining ? 503 : 200, { 'content-type': 'text/plain' })
          .end(draining ? 'draining' : 'ok');
      case 'GET /metrics':
        return void report(response).catch(fail(response));
      case 'POST /down':
        return draining ? void response.writeHead(503).end() : down(request, response);
      case 'POST /up':
        return void up(request, response).catch(fail(response));
      case 'OPTIONS /down':
      case 'OPTIONS /up':
        return void response.writeHead(204, { 'access-control-allow-headers': 'content-type' }).end();
      default:
        return void response.writeHead(404).end();
    }
  };

  return {
    request(request, response) {
      const route = pathOf(request);
      if (route !== path && !route.startsWith(`${path}/`)) return false;
      serve(route.slice(path.length), request, response);
      return true;
    },
    upgrade(request, stream, head) {
      if (pathOf(request) !== path) return false;
      if (!isWelcome(request)) reject(stream, '403 Forbidden');
      else if (draining) reject(stream, '503 Service Unavailable');
      else
        sockets.handleUpgrade(request, stream, head, (socket) =>
          acceptClient(context, request, (events) => openWebSocketPipe(socket, stream, events)),
        );
      return true;
    },
    drain() {
      draining = true;
    },
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function reject(stream: Duplex, status: string): void {
  stream.on('error', () => {});
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
