import { ChannelError } from '@holdfast/channel';
import { createEngineChannels, type Engine } from '@holdfast/channel/engine';
import { openWaking, type WakeAgentsOptions } from '@holdfast/core';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { attach } from './gateway/attach.ts';
import { systemClock, type Clock } from './gateway/clock.ts';
import type { Client, GatewayContext } from './gateway/context.ts';
import { createEndpoint } from './gateway/endpoint.ts';
import type { Authenticate } from './gateway/identity.ts';
import { completeLimits, type GatewayLimits } from './gateway/limits.ts';
import { silentLogger, type Logger } from './gateway/logger.ts';
import { shieldEngine } from './gateway/shield.ts';
import { createGatewayMetrics } from './gateway/metrics.ts';

export interface ServeOptions {
  /** Where sessions are kept. The gateway doesn't close it. */
  readonly engine: Engine;
  /** Decides who a client is and what it may do: `verifyTokens({ secret })` of `@holdfast/server/token`, or your own. */
  readonly authenticate: Authenticate;
  /** An HTTP server to be part of, listening or not. Default: one of the gateway's own. */
  readonly server?: HttpServer | HttpsServer;
  /** Where the gateway's own server listens. 0 takes any free port. Default 4410. */
  readonly port?: number;
  /** Default: all interfaces. */
  readonly host?: string;
  /** Where clients connect. Below it: `/health`, `/metrics`, and the HTTP transport's `/down` and `/up`. Default `/holdfast`. */
  readonly path?: string;
  /**
   * The web origins that may connect: `https://example.com`. Default: all, since a token and no cookie lets a client in. Set
   * it where `authenticate` goes by cookies.
   */
  readonly origins?: readonly string[];
  readonly limits?: Partial<GatewayLimits>;
  /**
   * The agents that answer a session: one list for all of them, or by the session's name. What gives them something to do is
   * announced in their inboxes (`agent.listen()`) before it is stored. Default: nobody is told.
   */
  readonly agents?: WakeAgentsOptions['agents'];
  /** How often clients are pinged, in milliseconds; after three pings without an answer they count as gone. Default 10,000. */
  readonly heartbeatMs?: number;
  /** Default: silent. */
  readonly logger?: Logger;
  /** For tests. Default: the system's. */
  readonly clock?: Clock;
}

export interface Gateway {
  /** Of its own server, or undefined where it is part of another one. */
  readonly port: number | undefined;
  /** How many clients are connected. */
  readonly connections: number;
  /**
   * Lets nobody in any more, sends the clients away over `drainMs` milliseconds (default 5,000), each when its requests are
   * answered, and closes its own server. Clients come back by themselves, to wherever the address leads then.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/**
 * Puts an engine behind one WebSocket endpoint, with HTTP where WebSockets are blocked. Resolves when it listens, if the
 * server is its own.
 *
 * @throws TypeError for options that can't be right
 */
export async function serve(options: ServeOptions): Promise<Gateway> {
  const { authenticate, path = '/holdfast', heartbeatMs = 10_000, clock = systemClock } = options;
  const { logger = silentLogger } = options;
  if (!path.startsWith('/') || path.endsWith('/'))
    throw new TypeError(`path must begin with a slash and not end with one: ${path}`);
  const clients = new Map<string, Client>();
  const engine = shieldEngine(options.engine, logger);
  const inboxes = createEngineChannels(engine);
  const context: GatewayContext = {
    engine,
    authenticate,
    limits: completeLimits(options.limits),
    heartbeatMs,
    clock,
    logger,
    metrics: createGatewayMetrics(),
    clients,
    ...(options.agents !== undefined && { waking: openWaking(inboxes, { agents: options.agents }) }),
  };
  const endpoint = createEndpoint({ context, path, origins: options.origins });
  const own = options.server === undefined ? createServer() : undefined;
  const server = options.server ?? own ?? createServer();
  const detach = attach(endpoint, server);
  if (own !== undefined) {
    own.listen(options.port ?? 4410, options.host);
    await once(own, 'listening');
  }
  const address = own?.address();
  let closing: Promise<void> | undefined;

  return {
    port: typeof address === 'object' ? address?.port : undefined,
    get connections() {
      return clients.size;
    },
    close({ drainMs = 5000 } = {}) {
      closing ??= shutDown(drainMs);
      return closing;
    },
  };

  async function shutDown(drainMs: number): Promise<void> {
    endpoint.drain();
    const closed = own === undefined ? undefined : once(own, 'close');
    own?.close();
    await sendAway([...clients.values()], drainMs, clock);
    detach();
    own?.closeAllConnections();
    await inboxes.close();
    await closed;
  }
}

/** Evenly over time, so that those who come back don't come all at once. */
async function sendAway(clients: readonly Client[], drainMs: number, clock: Clock): Promise<void> {
  const restarting = new ChannelError('unavailable', 'The gateway is shutting down.');
  await Promise.all(
    clients.map(async (client, index) => {
      const wait = (ms: number): Promise<void> =>
        ms === 0 ? Promise.resolve() : new Promise((resolve) => clock.after(ms, resolve));
      await wait((index / clients.length) * drainMs * 0.8);
      await Promise.race([client.idle(), wait(drainMs * 0.2)]);
      client.farewell('retry', restarting);
    }),
  );
}
