import type { Channels, Position } from '@holdfast/channel';
import { decodePosition, encodePosition, type Engine } from '@holdfast/channel/engine';
import { createMemoryEngine } from '@holdfast/channel/memory';
import type { ChannelBackend } from '@holdfast/conformance/channel';
import { createWebSocketChannels, type Transport } from '@holdfast/websocket';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';
import { serve } from '@holdfast/server';
import { issueToken, verifyTokens } from '@holdfast/server/token';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface BackendOptions {
  readonly engine?: Engine;
  readonly transport?: Transport;
  readonly rollupMs?: number;
}

const SECRET = 'a secret for tests only, of more than 32 bytes';

/** Only agents may seal. */
const AGENT = { role: 'agent' };

/** What the engine under test is opened with: small and quick. */
export const ENGINE = { maxMessageBytes: 64 << 10, presenceLeaseMs: 400 };

/** Two gateways over one engine; each client reaches one of them through a network of its own. */
export async function openBackend({
  engine = createMemoryEngine(ENGINE),
  transport = 'websocket',
  rollupMs = 0,
}: BackendOptions = {}): Promise<ChannelBackend> {
  const authenticate = verifyTokens({ secret: SECRET });
  const host = '127.0.0.1';
  const open = () => serve({ engine, authenticate, port: 0, host });
  const gateways = await Promise.all([open(), open()]);
  const networks = new Map<Channels, TcpProxy>();
  const networkOf = (channels: Channels): TcpProxy => {
    const network = networks.get(channels);
    if (network === undefined) throw new Error('these channels have no network');
    return network;
  };
  let next = 0;
  return {
    async connect(clientId, claims) {
      const gateway = gateways[next++ % gateways.length];
      const network = await openTcpProxy(gateway?.port ?? 0);
      const channels = createWebSocketChannels({
        url: `ws://127.0.0.1:${network.port}/holdfast`,
        token: () =>
          issueToken({
            secret: SECRET,
            ...(clientId !== undefined && { clientId }),
            claims: claims ?? AGENT,
            capabilities: { '*': ['*'] },
            ttl: 600,
          }),
        WebSocket,
        transport,
        rollupMs,
        backoff: { firstMs: 2, maxMs: 20 },
      });
      networks.set(channels, network);
      // Features and identity are known once connected.
      await channels.channel('warm-up').history({ limit: 1 });
      return channels;
    },
    async cut(channels) {
      networkOf(channels).cut();
      return async () => networkOf(channels).restore();
    },
    kill: async (channels) => networkOf(channels).cut(),
    pass: (ms) => wait(ms),
    ahead: async (_, position) => shifted(position, ({ epoch, tick }) => [epoch, tick + 2 ** 40]),
    otherEpoch: async (_, position) => shifted(position, ({ tick }) => ['another-epoch', tick]),
    async close() {
      await Promise.all(gateways.map((gateway) => gateway.close({ drainMs: 0 })));
      await Promise.all([...networks.values()].map((network) => network.close()));
      await engine.close();
    },
  };
}

function shifted(
  position: Position,
  shift: (at: { readonly epoch: string; readonly tick: number }) => readonly [string, number],
): Position {
  const at = decodePosition(position);
  if (at === undefined) throw new Error(`no position: ${position}`);
  return encodePosition(...shift(at));
}
