import type Anthropic from '@anthropic-ai/sdk';
import { messagesAgent } from '@holdfast/anthropic/agent';
import type { Channels } from '@holdfast/channel';

export async function startAgent(channels: Channels, session: string, client: Anthropic, model: string) {
  const agent = messagesAgent({
    channels, // of a connection whose claims say { role: 'agent' }
    name: 'assistant',
    tools: {
      now: { run: () => new Date().toISOString() },
    },
    stream: async (run) =>
      client.messages.create(
        {
          model,
          max_tokens: 4096,
          messages: await run.prompt(),
          tools: [{ name: 'now', description: 'The time', input_schema: { type: 'object' } }],
          stream: true,
        },
        { signal: run.signal },
      ),
  });
  await agent.attend(session);
  return agent;
}
