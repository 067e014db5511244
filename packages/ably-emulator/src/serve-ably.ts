import { once } from 'node:events';
import { createServer } from 'node:http';
import { createMemoryEngine, type Engine } from '@holdfast/channel/engine';
import { WebSocketServer } from 'ws';
import { createApps, parseKey } from './auth/apps.ts';
import { openChannelHub } from './channels/channel-hub.ts';
import type { AblyLimits } from './channels/limits.ts';
import { accept } from './connections/accept.ts';
import type { ServerContext } from './connections/context.ts';
import { createRegistry } from './connections/registry.ts';
import { createFaults, createFaultState, type AblyFaults } from './faults.ts';
import { handle } from './rest/handler.ts';

export interface AblyEmulatorOptions {
  /** Where it listens. 0, the default, takes any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Where messages are kept: SQLite with `openSqliteEngine` of `@holdfast/server/sqlite`. Default: in memory. Not closed. */
  readonly engine?: Engine;
  /** The key that lets clients in, `appId.keyId:secret`. Default `local.key:secret`. */
  readonly key?: string;
  /**
   * Rules by namespace, the part of a channel's name before its first colon. Messages can be changed and annotated only
   * where `mutableMessages` is true, as at Ably. Default: everywhere.
   */
  readonly namespaces?: Readonly<Record<string, { readonly mutableMessages?: boolean }>>;
  readonly limits?: AblyLimits;
  /** The window in which one connection's appends to one message are joined, 0 to 500 milliseconds. Default 0; Ably's is 40. */
  readonly appendRollupWindowMs?: number;
  /** How long a connection that is away can be resumed, in milliseconds. Default 120,000. */
  readonly connectionTtlMs?: number;
  /** How often an idle connection hears something, in milliseconds. Default 15,000. */
  readonly heartbeatMs?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export interface AblyEmulator {
  readonly port: number;
  /** What the unmodified client needs to come here: `new Ably.Realtime({ ...emulator.clientOptions })`. */
  readonly clientOptions: {
    readonly key: string;
    readonly endpoint: string;
    readonly port: number;
    readonly tls: false;
    readonly disableConnectivityCheck: true;
  };
  readonly faults: AblyFaults;
  close(): Promise<void>;
}

/**
 * Starts a server that speaks Ably's protocol, WebSocket and REST on one port. Resolves when it listens.
 *
 * @throws AblyError for a key that can't be one
 */
export async function serveAbly(options: AblyEmulatorOptions = {}): Promise<AblyEmulator> {
  const { port = 0, host = '127.0.0.1', key = 'local.key:secret', limits = {}, now = Date.now } = options;
  const own = options.engine === undefined ? createMemoryEngine({ now }) : undefined;
  const engine = options.engine ?? own ?? createMemoryEngine({ now });
  const messageBytes = limits.messageBytes ?? 65_536;
  const hub = await openChannelHub(engine, messageBytes);
  const apps = createApps();
  const { name, secret } = parseKey(key);
  const { namespaces } = options;
  apps.create({
    id: name.slice(0, name.indexOf('.')),
    keys: [{ name, secret }],
    ...(namespaces !== undefined && { namespaces }),
  });
  const state = createFaultState();
  const context: ServerContext = {
    apps,
    hub,
    limits,
    messageBytes,
    faults: state,
    rollUpMs: options.appendRollupWindowMs ?? 0,
    connectionTtlMs: options.connectionTtlMs ?? 120_000,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    now,
  };
  const registry = createRegistry(context);
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    handle(context, request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (upgraded) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      void accept(context, registry, upgraded, searchParams);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;

  return {
    port: listening,
    clientOptions: { key, endpoint: host, port: listening, tls: false, disableConnectivityCheck: true },
    faults: createFaults(state, engine),
    async close() {
      await registry.close();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
      await hub.close();
      await own?.close();
    },
  };
}
