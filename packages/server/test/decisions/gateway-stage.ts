import type { Engine } from '@holdfast/channel/engine';
import { createWebSocketChannels } from '@holdfast/websocket';
import WebSocket from 'ws';
import type { Backend } from '../../../core/test/decisions/stage.ts';
import { serve } from '../../src/index.ts';
import { issueToken, verifyTokens } from '../../src/token.ts';
import { SECRET } from '../gateway/open-gateway.ts';

/** A gateway over an engine: every connection has a signed token of its own, with its claims. */
export async function openGatewayBackend(engine: Engine): Promise<Backend> {
  const authenticate = verifyTokens({ secret: SECRET });
  const gateway = await serve({ engine, authenticate, port: 0, host: '127.0.0.1' });
  return {
    connect: (clientId, claims) =>
      createWebSocketChannels({
        url: `ws://127.0.0.1:${gateway.port}/holdfast`,
        token: () =>
          issueToken({
            secret: SECRET,
            clientId,
            capabilities: { '*': ['*'] },
            ttl: 600,
            ...(claims !== undefined && { claims }),
          }),
        WebSocket,
        rollupMs: 0,
      }),
    async close() {
      await gateway.close({ drainMs: 0 });
      await engine.close();
    },
  };
}
