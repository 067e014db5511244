import { uiAgent } from '@holdfast/ai-sdk/agent';
import { createOfflineModel } from '@holdfast/example-chat/model/offline-model';
import { issueToken } from '@holdfast/server/token';
import { createWebSocketChannels } from '@holdfast/websocket';
import { isStepCount, streamText } from 'ai';
import WebSocket from 'ws';
import { decide } from '../model/script.ts';
import { citePassages } from './cite-passages.ts';
import { approvals, toolsFor } from './tools.ts';

// The assistant: a worker that answers every conversation, and is silent while a person has it.

const secret = process.env['SECRET'] ?? 'a secret for this demo only, at least 32 characters';
const model = createOfflineModel({
  tokensPerSecond: Number(process.env['TOKENS_PER_SECOND'] ?? 70),
  decide,
});
const channels = createWebSocketChannels({
  url: process.env['GATEWAY_URL'] ?? 'ws://127.0.0.1:4441/holdfast',
  token: () =>
    issueToken({
      secret,
      clientId: 'assistant',
      claims: { role: 'agent' },
      capabilities: { '*': ['*'] },
      ttl: 600,
    }),
  WebSocket,
});
const agent = uiAgent({
  channels,
  name: 'assistant',
  onTakeover: 'continue',
  approvals,
  stream: async (run) =>
    streamText({
      model,
      tools: toolsFor(run),
      system:
        'You help customers of an outdoor shop. Quote the handbook word for word. Get a person when you cannot help.',
      messages: await run.prompt(),
      abortSignal: run.signal,
      stopWhen: isStepCount(4),
      onEnd: ({ text }) => citePassages(run, text),
    }),
});
await agent.listen();
console.log('agent: the assistant listens');

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
