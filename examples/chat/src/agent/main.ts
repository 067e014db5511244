import { uiAgent } from '@holdfast/ai-sdk/agent';
import { issueToken } from '@holdfast/server/token';
import { createWebSocketChannels } from '@holdfast/websocket';
import { isStepCount, streamText } from 'ai';
import WebSocket from 'ws';
import { chooseModel } from './model.ts';
import { tools } from './tools.ts';

// The agent of the example: a process of its own that knows the gateway's address and nothing about its clients.

const secret = process.env['SECRET'] ?? 'a secret for this demo only, at least 32 characters';
const { label, model } = chooseModel(process.env);

const channels = createWebSocketChannels({
  url: process.env['GATEWAY_URL'] ?? 'ws://127.0.0.1:4410/holdfast',
  token: () =>
    issueToken({
      secret,
      // Workers of one agent share its name; each is a client of its own.
      clientId: process.env['WORKER'] ?? 'assistant',
      claims: { role: 'agent' },
      capabilities: { '*': ['*'] },
      ttl: 600,
    }),
  WebSocket,
});

const agent = uiAgent({
  channels,
  name: 'assistant',
  // When a process dies in mid-sentence, another one finishes the sentence.
  onTakeover: 'continue',
  leaseMs: Number(process.env['LEASE_MS'] ?? 5000),
  async stream(run) {
    return streamText({
      model,
      tools,
      system: 'You are a friendly assistant. Use the tools where they help, and answer in Markdown.',
      messages: await run.prompt(),
      abortSignal: run.signal,
      stopWhen: isStepCount(6),
    });
  },
});

for (const session of (process.env['SESSIONS'] ?? 'demo').split(',')) await agent.attend(session);
console.log(`agent: ${label}`);

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
