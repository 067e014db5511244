import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Citation,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { setTimeout as wait } from 'node:timers/promises';
import { decide as decideByScript, type Act, type Situation, type TextCitation } from './script.ts';

export interface OfflineModelOptions {
  /** Tokens of about four characters each. Default 70, which is what a hosted model does on a good day. */
  readonly tokensPerSecond?: number;
  /** What it says and does in a step. Default: the script of this example. */
  readonly decide?: (situation: Situation, prompt: LanguageModelV4Prompt) => readonly Act[];
}

/** A language model that needs no key and no network: it streams prepared prose at a model's pace. */
export function createOfflineModel({
  tokensPerSecond = 70,
  decide = decideByScript,
}: OfflineModelOptions = {}): LanguageModelV4 {
  const pace = 1000 / tokensPerSecond;
  return {
    specificationVersion: 'v4',
    provider: 'holdfast.example',
    modelId: 'offline',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('The offline model only streams: use streamText.')),
    doStream: (options) => Promise.resolve({ stream: toStream(speak(options, pace, decide)) }),
  };
}

async function* speak(
  { prompt, abortSignal }: LanguageModelV4CallOptions,
  pace: number,
  decide: NonNullable<OfflineModelOptions['decide']>,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const situation = readPrompt(prompt);
  const acts = decide(situation, prompt);
  yield { type: 'stream-start', warnings: [] };
  let spoken = 0;
  // Paced by what should have been said by now, so that timers which fire late don't slow the model down.
  const started = performance.now();
  const keepPace = async () => {
    spoken += 1;
    const ahead = started + spoken * pace - performance.now();
    if (ahead > 4) await wait(ahead, undefined, { signal: abortSignal });
    abortSignal?.throwIfAborted();
  };
  for (const [index, act] of toGoOn(acts, situation.said).entries())
    yield* perform(act, String(index), situation, { keepPace, signal: abortSignal });
  yield {
    type: 'finish',
    finishReason: {
      unified: acts.some(({ type }) => type === 'call') ? 'tool-calls' : 'stop',
      raw: undefined,
    },
    usage: {
      inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: spoken, text: spoken, reasoning: undefined },
    },
  };
}

/** Longer than anybody waits, in milliseconds. */
const LONG_MS = 3_600_000;

async function* perform(
  act: Act,
  id: string,
  { question, results }: Situation,
  { keepPace, signal }: { readonly keepPace: () => Promise<void>; readonly signal: AbortSignal | undefined },
): AsyncGenerator<LanguageModelV4StreamPart> {
  switch (act.type) {
    case 'text':
    case 'reasoning':
      yield { type: `${act.type}-start`, id };
      for (const delta of tokens(act.text)) {
        await keepPace();
        yield { type: `${act.type}-delta`, id, delta };
      }
      yield act.type === 'text' && act.citations !== undefined
        ? { type: 'text-end', id, citations: act.citations.map(toCitation) }
        : { type: `${act.type}-end`, id };
      return;
    case 'silence':
      await wait(LONG_MS, undefined, { signal });
      return;
    case 'source':
      yield { type: 'source', sourceType: 'url', id: `source-${id}`, url: act.url, title: act.title };
      return;
    case 'call': {
      const toolCallId = `call-${results.size}-${id}-${[...question].reduce((hash, c) => (hash * 31 + (c.codePointAt(0) ?? 0)) % 0xffffff, 7)}`;
      const input = JSON.stringify(act.input);
      yield { type: 'tool-input-start', id: toolCallId, toolName: act.tool };
      for (const delta of tokens(input)) {
        await keepPace();
        yield { type: 'tool-input-delta', id: toolCallId, delta };
      }
      yield { type: 'tool-input-end', id: toolCallId };
      yield { type: 'tool-call', toolCallId, toolName: act.tool, input };
    }
  }
}

function toCitation({ url, title, start, end }: TextCitation): LanguageModelV4Citation {
  const source = { type: 'source', sourceType: 'url', id: url, url, title } as const;
  return { source, startIndex: start, endIndex: end };
}

/** What is left to do of `acts` where an answer was begun and goes on: a text that was cut is finished. */
function toGoOn(acts: readonly Act[], said: string): readonly Act[] {
  let rest = said;
  return acts.flatMap((act) => {
    if (rest === '') return [act];
    if (act.type !== 'text') return [];
    const isDone = rest.startsWith(act.text);
    const text = isDone ? '' : act.text.slice(rest.length);
    rest = isDone ? rest.slice(act.text.length) : '';
    return text === '' ? [] : [{ ...act, text }];
  });
}

/** Cuts text as a tokenizer would: a word's beginning with the space before it, then pieces of long words. */
export function tokens(text: string): readonly string[] {
  return text.match(/\s*\S{1,5}|\s+/gu) ?? [];
}

function readPrompt(prompt: LanguageModelV4CallOptions['prompt']): Situation & {
  /** What it has said already of the answer that it is asked to finish. */ readonly said: string;
} {
  const last = prompt.findLastIndex(({ role }) => role === 'user');
  const asked = prompt[last];
  const question =
    asked?.role === 'user'
      ? asked.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
      : '';
  const begun = prompt.at(-1);
  const said =
    begun?.role === 'assistant'
      ? begun.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
      : '';
  const results = new Map<string, unknown>();
  for (const message of prompt.slice(last + 1)) {
    if (message.role !== 'tool') continue;
    for (const part of message.content)
      if (part.type === 'tool-result')
        results.set(part.toolName, part.output.type === 'json' ? part.output.value : { paid: false });
  }
  return { question, said, results };
}

function toStream<T>(source: AsyncGenerator<T>): ReadableStream<T> {
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}
