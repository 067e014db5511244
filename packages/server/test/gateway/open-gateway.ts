import type { Channels } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import type { Engine } from '@holdfast/channel/engine';
import { createWebSocketChannels, type WebSocketChannelsOptions } from '@holdfast/websocket';
import { afterEach } from 'vitest';
import WebSocket from 'ws';
import { serve, type Gateway, type ServeOptions } from '../../src/index.ts';
import { issueToken, verifyTokens, type IssueTokenOptions } from '../../src/token.ts';

export const SECRET = 'a secret for tests only, of more than 32 bytes';

const endings: (() => Promise<unknown>)[] = [];

/** Called at the end of each test, the last first. */
export function atEnd(end: () => Promise<unknown>): void {
  endings.push(end);
}

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

export interface TestGateway extends Gateway {
  readonly engine: Engine;
  readonly url: string;
}

/** A gateway on a free port, over an engine in memory. Closed at the end of the test. */
export async function openGateway(options: Partial<ServeOptions> = {}): Promise<TestGateway> {
  const engine = options.engine ?? createMemoryEngine();
  const gateway = await serve({
    engine,
    authenticate: verifyTokens({ secret: SECRET }),
    port: 0,
    host: '127.0.0.1',
    ...options,
  });
  atEnd(() => gateway.close({ drainMs: 0 }));
  const url = `ws://127.0.0.1:${gateway.port}/holdfast`;
  return {
    port: gateway.port,
    get connections() {
      return gateway.connections;
    },
    close: (how) => gateway.close(how),
    engine,
    url,
  };
}

export function tokenFor(
  clientId: string | undefined,
  options: Partial<IssueTokenOptions> = {},
): Promise<string> {
  return issueToken({
    secret: SECRET,
    ...(clientId !== undefined && { clientId }),
    capabilities: { '*': ['*'] },
    ttl: 600,
    ...options,
  });
}

/** A client that comes back quickly. Closed at the end of the test. */
export function openClient(
  url: string,
  clientId: string | undefined,
  options: Partial<WebSocketChannelsOptions> = {},
): Channels {
  const channels = createWebSocketChannels({
    url,
    token: () => tokenFor(clientId),
    WebSocket,
    rollupMs: 0,
    backoff: { firstMs: 2, maxMs: 50 },
    ...options,
  });
  atEnd(() => channels.close());
  return channels;
}
