import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '../gateway/logger.ts';
import { serve } from '../serve.ts';
import { openSqliteEngine } from '../sqlite.ts';
import { issueToken, verifyTokens } from '../token.ts';

export interface DevGatewayOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Of the SQLite file. */
  readonly path: string;
  readonly secret: string;
  readonly logger?: Logger;
}

export interface DevGateway {
  /** `http://127.0.0.1:4410` */
  readonly address: string;
  close(): Promise<void>;
}

const DRAIN_MS = 500;
const TOKEN_TTL_S = 3600;

/**
 * A gateway for development: on this machine only, over one SQLite file, and handing out a token to whoever asks, as
 * `/token?session=…&user=…` does it for the back end that you don't have yet.
 */
export async function openDevGateway({ port, path, secret, logger }: DevGatewayOptions): Promise<DevGateway> {
  const authenticate = verifyTokens({ secret });
  const engine = openSqliteEngine({ path });
  const server = createServer((request, response) => {
    answer(request, response, secret).catch((error: unknown) => {
      logger?.error({ err: error }, 'no token');
      response.writeHead(500).end();
    });
  });
  const gateway = await serve({
    engine,
    server,
    authenticate,
    ...(logger !== undefined && { logger }),
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    address: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await gateway.close({ drainMs: DRAIN_MS });
      server.closeAllConnections();
      await closed;
      await engine.close();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, secret: string): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname !== '/token') return void response.writeHead(404).end();
  const session = searchParams.get('session') ?? 'demo';
  const token = await issueToken({
    secret,
    clientId: searchParams.get('user') ?? 'guest',
    claims: { role: searchParams.get('role') ?? 'participant' },
    capabilities: { [session]: ['*'], [`${session}:open:*`]: ['*'] },
    ttl: TOKEN_TTL_S,
  });
  const { origin } = request.headers;
  // A page of this machine may read it; one that a browser got from elsewhere may not.
  if (origin !== undefined && isLocal(origin)) response.setHeader('access-control-allow-origin', origin);
  response.writeHead(200, { 'content-type': 'text/plain' }).end(token);
}

function isLocal(origin: string): boolean {
  return URL.canParse(origin) && ['localhost', '127.0.0.1'].includes(new URL(origin).hostname);
}
