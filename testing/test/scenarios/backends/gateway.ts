import { isChannelError, type Channels } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { serve } from '@holdfast/server';
import { openSqliteEngine } from '@holdfast/server/sqlite';
import { issueToken, verifyTokens } from '@holdfast/server/token';
import { startRedis } from '@holdfast/testing/redis-server';
import { openTcpProxy, overhear, type TcpProxy } from '@holdfast/testing/tcp-proxy';
import { createWebSocketChannels } from '@holdfast/websocket';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import WebSocket from 'ws';
import { claimsOf, type Backend } from './backend.ts';
import { withExpiry } from './expiring-engine.ts';

const SECRET = 'a secret for tests only, of more than 32 bytes';
const LIMITS = { maxMessageBytes: 64 << 10 };

/** A gateway over a SQLite file. */
export async function openSqlite(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-scenarios-'));
  const engine = openSqliteEngine({ path: join(folder, 'sessions.db'), synchronous: 'normal', ...LIMITS });
  return openGateway(engine, () => rm(folder, { recursive: true }));
}

/** A gateway over a Redis of its own. */
export async function openRedis(): Promise<Backend> {
  const server = await startRedis({ appendfsync: 'everysec' });
  const client = createClient({ url: server.url });
  client.on('error', () => {});
  await client.connect();
  return openGateway(createRedisEngine({ client, ...LIMITS }), async () => {
    client.destroy();
    await server.close();
  });
}

/** Every connection has a token and a network of its own. */
async function openGateway(inner: Engine, closeStore: () => Promise<void>): Promise<Backend> {
  const { engine, expire } = withExpiry(inner);
  const authenticate = verifyTokens({ secret: SECRET });
  const gateway = await serve({ engine, authenticate, port: 0, host: '127.0.0.1' });
  const networks = new Map<Channels, TcpProxy>();
  return {
    isGuarded: true,
    async connect(who) {
      const { clientId, capabilities = { '*': ['*'] }, onBytes } = who;
      const claims = claimsOf(who);
      const network = await openTcpProxy(gateway.port ?? 0, onBytes && { filter: () => overhear(onBytes) });
      const channels = createWebSocketChannels({
        url: `ws://127.0.0.1:${network.port}/holdfast`,
        token: () =>
          issueToken({
            secret: SECRET,
            clientId,
            capabilities,
            ttl: 600,
            ...(claims !== undefined && { claims }),
          }),
        WebSocket,
        rollupMs: 0,
        backoff: { firstMs: 5, maxMs: 50 },
      });
      networks.set(channels, network);
      await warmUp(channels);
      return channels;
    },
    cut(channels) {
      const network = networks.get(channels);
      if (network === undefined) throw new Error('These channels are not of this backend.');
      network.cut();
      return () => network.restore();
    },
    expire,
    async close() {
      await gateway.close({ drainMs: 0 });
      await Promise.all([...networks.values()].map((network) => network.close()));
      await inner.close();
      await closeStore();
    },
  };
}

/** The line opens with the first call; what it is allowed is known then. */
async function warmUp(channels: Channels): Promise<void> {
  try {
    await channels.channel('warm-up').history({ limit: 1 });
  } catch (error) {
    if (!isChannelError(error) || error.code !== 'forbidden') throw error;
  }
}
