import Anthropic from '@anthropic-ai/sdk';
import { openAgentScene, type Scene } from '@holdfast/testing/agent-scene';
import type { Provider } from '@holdfast/testing/model-provider';
import { messagesAgent, type MessagesAgentOptions } from '../../src/agent.ts';

/** One session in memory with an agent that has the SDK's own client. Closed when the test ends. */
export function openScene(provider: Provider, options: Partial<MessagesAgentOptions> = {}): Promise<Scene> {
  const client = new Anthropic({ apiKey: 'none', baseURL: provider.baseURL, maxRetries: 0 });
  return openAgentScene((setup) =>
    messagesAgent({
      ...setup,
      stream: async (run) =>
        client.messages.create(
          { model: 'claude', max_tokens: 100, messages: await run.prompt(), stream: true },
          { signal: run.signal },
        ),
      ...options,
    }),
  );
}
