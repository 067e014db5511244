import { createProxyServer, proxyUpgrade } from 'httpxy';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { choose } from './choose.ts';
import { watchHealth } from './watch-health.ts';

export interface BalancerOptions {
  /** The gateways' origins: `http://127.0.0.1:4421`. */
  readonly gateways: readonly string[];
  /** Where everything goes that is no gateway's: the page. */
  readonly page?: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** One address in front of several gateways. */
export interface Balancer {
  readonly address: string;
  /** The gateways that say they are well. */
  readonly healthy: ReadonlySet<string>;
  close(): Promise<void>;
}

const LAST_GATEWAY_GONE =
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * A balancer as any other that knows WebSockets: a new one goes to the healthy gateway that has the fewest. What it does,
 * nginx.conf and haproxy.cfg beside this folder do too.
 */
export async function openBalancer({ gateways, page, port }: BalancerOptions): Promise<Balancer> {
  const health = await watchHealth(gateways);
  const open = new Map(gateways.map((gateway) => [gateway, 0]));
  const count = (gateway: string, by: 1 | -1): void => void open.set(gateway, (open.get(gateway) ?? 0) + by);
  const sockets = new Set<Duplex>();

  const proxy = createProxyServer({ xfwd: true });
  // The gateway died before it had answered.
  proxy.on('error', (_error, _request, response) => {
    if (response === undefined) return;
    if ('writeHead' in response && !response.headersSent) response.writeHead(502).end();
    else response.destroy();
  });

  const targetOf = (request: IncomingMessage): string | undefined =>
    choose({
      path: pathOf(request),
      client: request.socket.remoteAddress ?? '',
      healthy: health.healthy,
      open,
      page,
    });

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    // The gateways' own figures are not the public's.
    if (/^\/holdfast\/(metrics|health)$/.test(pathOf(request))) return void response.writeHead(404).end();
    const target = targetOf(request);
    if (target === undefined) return void response.writeHead(503).end();
    void proxy.web(request, response, { target });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const target = targetOf(request);
    if (target === undefined) return void socket.end(LAST_GATEWAY_GONE);
    count(target, 1);
    socket.on('close', () => count(target, -1));
    proxyUpgrade(target, request, socket, head).then(
      // However a gateway goes, its clients are to notice at once.
      (upstream) => void upstream.on('close', () => socket.destroy()),
      () => health.suspect(target),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();

  return {
    address: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : port}`,
    healthy: health.healthy,
    async close() {
      health.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}
