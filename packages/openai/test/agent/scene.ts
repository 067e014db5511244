import { openAgentScene, type Scene } from '@holdfast/testing/agent-scene';
import type { Provider } from '@holdfast/testing/model-provider';
import OpenAI from 'openai';
import { responsesAgent, type ResponsesAgentOptions } from '../../src/agent.ts';

/** One session in memory with an agent that has the SDK's own client. Closed when the test ends. */
export function openScene(provider: Provider, options: Partial<ResponsesAgentOptions> = {}): Promise<Scene> {
  const client = new OpenAI({ apiKey: 'none', baseURL: provider.baseURL, maxRetries: 0 });
  return openAgentScene((setup) =>
    responsesAgent({
      ...setup,
      stream: async (run) =>
        client.responses.create(
          { model: 'gpt', input: await run.prompt(), stream: true, store: false },
          { signal: run.signal },
        ),
      ...options,
    }),
  );
}
