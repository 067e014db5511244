import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.ts';

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Puts the endpoint in front of what a server already does: its own requests are not seen by listeners that were there
 * before. Returns what takes it away again.
 */
export function attach(endpoint: Endpoint, server: HttpServer | HttpsServer): () => void {
  const listeners = server.listeners('request') as RequestListener[];
  const onRequest: RequestListener = (request, response) => {
    if (endpoint.request(request, response)) return;
    for (const listener of listeners) listener.call(server, request, response);
    if (listeners.length === 0) response.writeHead(404).end();
  };
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    if (endpoint.upgrade(request, stream, head)) return;
    // Left alone, a connection that nobody takes would stay open.
    if (server.listenerCount('upgrade') === 1) stream.destroy();
  };
  server.removeAllListeners('request');
  server.on('request', onRequest);
  server.on('upgrade', onUpgrade);
  return () => {
    server.off('request', onRequest);
    server.off('upgrade', onUpgrade);
    for (const listener of listeners) server.on('request', listener);
  };
}
