import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModel } from 'ai';
import { createOfflineModel } from '../model/offline-model.ts';

/** The provider whose key is set, or the offline model. `MODEL` overrides the model's id, `TOKENS_PER_SECOND` the offline pace. */
export function chooseModel(env: NodeJS.ProcessEnv): {
  readonly label: string;
  readonly model: LanguageModel;
} {
  if (env['ANTHROPIC_API_KEY']) {
    const id = env['MODEL'] ?? 'claude-sonnet-4-5';
    return { label: `Anthropic ${id}`, model: createAnthropic({ apiKey: env['ANTHROPIC_API_KEY'] })(id) };
  }
  if (env['OPENAI_API_KEY']) {
    const id = env['MODEL'] ?? 'gpt-5-mini';
    return { label: `OpenAI ${id}`, model: createOpenAI({ apiKey: env['OPENAI_API_KEY'] })(id) };
  }
  const tokensPerSecond = Number(env['TOKENS_PER_SECOND'] ?? 70);
  return { label: 'offline model', model: createOfflineModel({ tokensPerSecond }) };
}
