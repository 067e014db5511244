import { uiAgent } from '@holdfast/ai-sdk/agent';
import type { Channels } from '@holdfast/channel';
import { streamText, type LanguageModel } from 'ai';

export async function startAgent(channels: Channels, session: string, model: LanguageModel) {
  const agent = uiAgent({
    channels, // of a connection whose claims say { role: 'agent' }
    name: 'assistant',
    async stream(run) {
      return streamText({ model, messages: await run.prompt(), abortSignal: run.signal });
    },
  });
  await agent.attend(session);
  return agent;
}
