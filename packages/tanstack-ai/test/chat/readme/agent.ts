import type { Channels } from '@holdfast/channel';
import { chatAgent } from '@holdfast/tanstack-ai/agent';
import { chat, type AnyTextAdapter } from '@tanstack/ai';

export async function startAgent(channels: Channels, session: string, adapter: AnyTextAdapter) {
  const agent = chatAgent({
    channels, // of a connection whose claims say { role: 'agent' }
    name: 'assistant',
    async stream(run) {
      return chat({ adapter, messages: await run.prompt(), abortController: run.abortController });
    },
  });
  await agent.attend(session);
  return agent;
}
