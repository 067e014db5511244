import { MockLanguageModelV4 } from 'ai/test';

type StreamResult = Awaited<ReturnType<MockLanguageModelV4['doStream']>>;
/** What a provider streams. */
export type ModelPart = StreamResult['stream'] extends ReadableStream<infer Part> ? Part : never;

/** What a model says to one call: parts at once, a stream that the test feeds, or an error instead of a stream. */
export type Reply = readonly ModelPart[] | Tap | Error;

/** A stream that a test feeds as it goes. */
export interface Tap {
  readonly stream: ReadableStream<ModelPart>;
  say(text: string): void;
  push(...parts: ModelPart[]): void;
  /** Ends the text and the stream. */
  end(): void;
  fail(error: Error): void;
}

/** A model that gives one reply after the other; the last one again where there are no more. */
export function createModel(...replies: readonly Reply[]): MockLanguageModelV4 {
  let count = 0;
  return new MockLanguageModelV4({
    async doStream() {
      const reply = replies[Math.min(count, replies.length - 1)];
      count += 1;
      if (reply === undefined) throw new Error('The model has nothing to say.');
      if (reply instanceof Error) throw reply;
      return { stream: 'stream' in reply ? reply.stream : streamOf(reply) };
    },
  });
}

export function createTap(): Tap {
  let controller: ReadableStreamDefaultController<ModelPart>;
  let isOpen = false;
  const stream = new ReadableStream<ModelPart>({ start: (each) => void (controller = each) });
  const push = (...parts: readonly ModelPart[]): void => {
    for (const part of parts) controller.enqueue(part);
  };
  return {
    stream,
    push,
    say(delta) {
      if (!isOpen) push({ type: 'text-start', id: '0' });
      isOpen = true;
      push({ type: 'text-delta', id: '0', delta });
    },
    end() {
      if (isOpen) push({ type: 'text-end', id: '0' });
      push(finish('stop'));
      controller.close();
    },
    fail: (error) => controller.error(error),
  };
}

/** A whole answer. */
export function answer(text: string): readonly ModelPart[] {
  return [
    { type: 'text-start', id: '0' },
    ...(text.match(/\S*\s*/g) ?? []).map((delta): ModelPart => ({ type: 'text-delta', id: '0', delta })),
    { type: 'text-end', id: '0' },
    finish('stop'),
  ];
}

export function call(toolName: string, input: object, toolCallId = 'c1'): readonly ModelPart[] {
  return [
    { type: 'tool-input-start', id: toolCallId, toolName },
    { type: 'tool-input-delta', id: toolCallId, delta: JSON.stringify(input) },
    { type: 'tool-input-end', id: toolCallId },
    { type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input) },
  ];
}

export function finish(unified: 'stop' | 'tool-calls' | 'error'): ModelPart {
  return {
    type: 'finish',
    finishReason: { unified, raw: undefined },
    usage: {
      inputTokens: { total: 1, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: 1, text: undefined, reasoning: undefined },
    },
  };
}

/** Calls of tools, and the end of the model's turn. */
export function calls(...parts: readonly (readonly ModelPart[])[]): readonly ModelPart[] {
  return [...parts.flat(), finish('tool-calls')];
}

function streamOf(parts: readonly ModelPart[]): ReadableStream<ModelPart> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}
