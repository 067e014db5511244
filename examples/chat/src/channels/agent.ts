import { createAblyChannels } from '@holdfast/ably';
import type { Channels } from '@holdfast/channel';
import { issueToken } from '@holdfast/server/token';
import { createWebSocketChannels } from '@holdfast/websocket';
import WebSocket from 'ws';
import { openAblyClient } from './ably-client.ts';
import { signAblyToken } from './ably-token.ts';

export interface AgentChannels {
  readonly channels: Channels;
  close(): Promise<void>;
}

/** The agent's channels: over Ably where `ABLY_API_KEY` is set, else over the gateway that `GATEWAY_URL` names. */
export function openAgentChannels(env: NodeJS.ProcessEnv): AgentChannels {
  // Workers of one agent share its name; each is a client of its own.
  const clientId = env['WORKER'] ?? 'assistant';
  const key = env['ABLY_API_KEY'] ?? '';
  return key === '' ? overGateway(clientId, env) : overAbly(clientId, key, env['ABLY_EMULATOR']);
}

function overGateway(clientId: string, env: NodeJS.ProcessEnv): AgentChannels {
  const secret = env['SECRET'] ?? 'a secret for this demo only, at least 32 characters';
  const channels = createWebSocketChannels({
    url: env['GATEWAY_URL'] ?? 'ws://127.0.0.1:4410/holdfast',
    token: () =>
      issueToken({
        secret,
        clientId,
        claims: { role: 'agent' },
        capabilities: { '*': ['*'] },
        ttl: 600,
      }),
    WebSocket,
  });
  return { channels, close: () => channels.close() };
}

function overAbly(clientId: string, key: string, emulator: string | undefined): AgentChannels {
  const client = openAblyClient(emulator, () =>
    signAblyToken({ key, clientId, role: 'agent', session: '*' }),
  );
  const channels = createAblyChannels({ client });
  return {
    channels,
    async close() {
      await channels.close();
      client.close();
    },
  };
}
