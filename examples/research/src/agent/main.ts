import { uiAgent, agentTool, type UIAgentOptions } from '@holdfast/ai-sdk/agent';
import { createOfflineModel } from '@holdfast/example-chat/model/offline-model';
import { issueToken } from '@holdfast/server/token';
import { createWebSocketChannels } from '@holdfast/websocket';
import { isStepCount, streamText } from 'ai';
import WebSocket from 'ws';
import { lead, specialist } from '../model/script.ts';

// One agent of the example, by the name in AGENT. The lead takes what people ask; the others what they are asked by name. Nobody
// passes on what another one says: each publishes into the session itself.

const name = process.env['AGENT'] ?? 'lead';
const secret = process.env['SECRET'] ?? 'a secret for this demo only, at least 32 characters';
const channels = createWebSocketChannels({
  url: process.env['GATEWAY_URL'] ?? 'ws://127.0.0.1:4441/holdfast',
  token: () =>
    issueToken({ secret, clientId: name, claims: { role: 'agent' }, capabilities: { '*': ['*'] }, ttl: 600 }),
  WebSocket,
});

const isLead = name === 'lead';
const tokensPerSecond = Number(process.env['TOKENS_PER_SECOND'] ?? 45);
const model = createOfflineModel({ tokensPerSecond, decide: isLead ? lead : specialist });

const options: Pick<UIAgentOptions, 'stream' | 'answers' | 'onTakeover'> = isLead
  ? {
      stream: async (run) =>
        streamText({
          model,
          tools: {
            reader: agentTool(run, { to: 'reader', description: 'Reads up on one side of a subject' }),
            historian: agentTool(run, { to: 'historian', description: 'Finds out who found something out' }),
          },
          messages: await run.prompt(),
          abortSignal: run.signal,
          stopWhen: isStepCount(3),
        }),
    }
  : {
      answers: 'addressed',
      // When a process dies in mid-sentence, another one finishes the sentence.
      onTakeover: 'continue',
      stream: async (run) => streamText({ model, messages: await run.prompt(), abortSignal: run.signal }),
    };

const agent = uiAgent({
  ...options,
  channels,
  name,
  citeSources: true,
  leaseMs: Number(process.env['LEASE_MS'] ?? 5000),
});
await agent.listen();
console.log(`agent: ${name}`);

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
