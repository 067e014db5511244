import type { Channels } from '@holdfast/channel';
import { responsesAgent } from '@holdfast/openai/agent';
import type OpenAI from 'openai';

export async function startAgent(channels: Channels, session: string, client: OpenAI, model: string) {
  const agent = responsesAgent({
    channels, // of a connection whose claims say { role: 'agent' }
    name: 'assistant',
    tools: {
      now: { run: () => new Date().toISOString() },
    },
    stream: async (run) =>
      client.responses.create(
        {
          model,
          input: await run.prompt(),
          tools: [
            { type: 'web_search' },
            { type: 'function', name: 'now', description: 'The time', parameters: {}, strict: false },
          ],
          stream: true,
          store: false,
          include: ['reasoning.encrypted_content'],
        },
        { signal: run.signal },
      ),
  });
  await agent.attend(session);
  return agent;
}
