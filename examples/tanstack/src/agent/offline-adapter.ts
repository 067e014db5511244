import { tokens } from '@holdfast/example-chat/model/offline-model';
import { decide, type Act, type Situation } from '@holdfast/example-chat/model/script';
import type { AnyTextAdapter, ModelMessage, StreamChunk } from '@tanstack/ai';
import { setTimeout as wait } from 'node:timers/promises';

/** A model for TanStack AI that needs no key and no network: it says what the chat example's offline model says. */
export function createOfflineAdapter({ tokensPerSecond = 70 } = {}): AnyTextAdapter {
  const pace = 1000 / tokensPerSecond;
  const adapter = {
    kind: 'text',
    name: 'holdfast.example',
    model: 'offline',
    '~types': {},
    chatStream: ({ messages, abortController }: Call) => speak(messages, pace, abortController?.signal),
    structuredOutput: () => Promise.reject(new Error('The offline model only talks.')),
  };
  // What its types would say of a provider's options there is nothing to say about here.
  return adapter as unknown as AnyTextAdapter;
}

interface Call {
  readonly messages: readonly ModelMessage[];
  readonly abortController?: AbortController;
}

async function* speak(
  messages: readonly ModelMessage[],
  pace: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamChunk> {
  const situation = readPrompt(messages);
  const acts = decide(situation);
  const ids = { runId: crypto.randomUUID(), threadId: 'offline', messageId: crypto.randomUUID() };
  const isCalling = acts.some(({ type }) => type === 'call');
  let spoken = 0;
  const started = performance.now();
  yield asChunk({ type: 'RUN_STARTED', ...ids });
  for (const [index, act] of acts.entries())
    for (const event of perform(act, `${ids.messageId}-${index}`)) {
      if ('delta' in event) {
        // Paced by what should have been said by now, so that timers which fire late don't slow the model down.
        spoken += 1;
        const ahead = started + spoken * pace - performance.now();
        if (ahead > 4) await wait(ahead, undefined, signal === undefined ? {} : { signal });
        signal?.throwIfAborted();
      }
      yield asChunk(event);
    }
  yield asChunk({ type: 'RUN_FINISHED', ...ids, finishReason: isCalling ? 'tool_calls' : 'stop' });
}

type Event = { readonly type: string; readonly [field: string]: unknown };

function* perform(act: Act, id: string): Generator<Event> {
  switch (act.type) {
    case 'reasoning':
      yield { type: 'STEP_STARTED', stepName: id };
      for (const delta of tokens(act.text)) yield { type: 'REASONING_MESSAGE_CONTENT', messageId: id, delta };
      yield { type: 'REASONING_MESSAGE_END', messageId: id };
      return;
    case 'text':
      yield { type: 'TEXT_MESSAGE_START', messageId: id, role: 'assistant' };
      for (const delta of tokens(act.text)) yield { type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta };
      yield { type: 'TEXT_MESSAGE_END', messageId: id };
      return;
    case 'call':
      yield { type: 'TOOL_CALL_START', toolCallId: id, toolCallName: act.tool };
      for (const delta of tokens(JSON.stringify(act.input)))
        yield { type: 'TOOL_CALL_ARGS', toolCallId: id, delta };
      yield { type: 'TOOL_CALL_END', toolCallId: id };
      return;
    case 'silence':
    case 'source':
    // AG-UI has no word for sources, and nothing is said of a silence.
  }
}

/** Events are typed by all that they may have; these have what they need. */
function asChunk(event: Event): StreamChunk {
  return event as unknown as StreamChunk;
}

function readPrompt(messages: readonly ModelMessage[]): Situation {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const names = new Map<string, string>();
  const results = new Map<string, unknown>();
  for (const { role, toolCalls = [], toolCallId = '', content } of messages.slice(last + 1)) {
    for (const { id, function: called } of toolCalls) names.set(id, called.name);
    const name = names.get(toolCallId);
    if (role === 'tool' && name !== undefined) results.set(name, parse(textOf(content)));
  }
  return { question: textOf(messages[last]?.content ?? ''), results };
}

function textOf(content: ModelMessage['content']): string {
  if (typeof content === 'string' || content === null) return content ?? '';
  return content.flatMap((part) => (part.type === 'text' ? [part.content] : [])).join('\n');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
