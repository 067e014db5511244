import { issueToken } from '@holdfast/server/token';
import { chatAgent } from '@holdfast/tanstack-ai/agent';
import { createWebSocketChannels } from '@holdfast/websocket';
import { chat } from '@tanstack/ai';
import WebSocket from 'ws';
import { createOfflineAdapter } from './offline-adapter.ts';
import { tools } from './tools.ts';

// The agent of the example: a process of its own that knows the gateway's address and nothing about its clients.

const secret = process.env['SECRET'] ?? 'a secret for this demo only, at least 32 characters';
const adapter = createOfflineAdapter({ tokensPerSecond: Number(process.env['TOKENS_PER_SECOND'] ?? 70) });

const channels = createWebSocketChannels({
  url: process.env['GATEWAY_URL'] ?? 'ws://127.0.0.1:4421/holdfast',
  token: () =>
    issueToken({
      secret,
      clientId: process.env['WORKER'] ?? 'assistant',
      claims: { role: 'agent' },
      capabilities: { '*': ['*'] },
      ttl: 600,
    }),
  WebSocket,
});

const agent = chatAgent({
  channels,
  name: 'assistant',
  async stream(run) {
    return chat({
      adapter,
      tools,
      messages: await run.prompt(),
      abortController: run.abortController,
      debug: false,
    });
  },
});

await agent.listen();
console.log('agent: TanStack AI, offline model');

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    agent
      .close()
      .then(() => channels.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
