import type { AnyTextAdapter } from '@tanstack/ai';
import type { Event } from './codec/fold.ts';

/** What a model says to one call: events at once, or as a test feeds them; an error is thrown. */
export type Reply = readonly (Event | Error)[] | Tap;

/** A stream that a test feeds as it goes. */
export interface Tap extends AsyncIterable<Event> {
  push(...events: readonly Event[]): void;
  /** Text of one message. */
  say(delta: string): void;
  /** Ends the model's turn. */
  end(): void;
  fail(error: Error): void;
}

export interface MockModel {
  readonly adapter: AnyTextAdapter;
  /** The messages of each call. */
  readonly prompts: readonly unknown[];
}

let ids = 0;

/** A model that gives one reply after the other; the last one again where there are no more. */
export function createModel(...replies: readonly Reply[]): MockModel {
  const prompts: unknown[] = [];
  const adapter = {
    kind: 'text',
    name: 'mock',
    model: 'mock',
    '~types': {},
    async *chatStream({ messages }: { readonly messages: unknown }) {
      const reply = replies[Math.min(prompts.length, replies.length - 1)] ?? [];
      prompts.push(structuredClone(messages));
      for await (const event of reply) {
        if (event instanceof Error) throw event;
        yield { ...event };
      }
    },
    structuredOutput: () => Promise.resolve({ data: {}, rawText: '{}' }),
  };
  return { adapter: adapter as unknown as AnyTextAdapter, prompts };
}

export const begin: Event = { type: 'RUN_STARTED', runId: 'model-run', threadId: 'model' };

export function end(finishReason = 'stop'): Event {
  const usage = { promptTokens: 1, completionTokens: 1, totalTokens: 2 };
  return { type: 'RUN_FINISHED', runId: 'model-run', threadId: 'model', finishReason, usage };
}

/** A whole answer, a word at a time. */
export function answer(text: string): readonly Event[] {
  const messageId = `m${(ids += 1)}`;
  const deltas = text.match(/\S*\s*/gu)?.filter((delta) => delta !== '') ?? [];
  return [
    begin,
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })),
    { type: 'TEXT_MESSAGE_END', messageId },
    end(),
  ];
}

export function toolCall(
  toolCallName: string,
  input: object,
  toolCallId = `c${(ids += 1)}`,
): readonly Event[] {
  return [
    { type: 'TOOL_CALL_START', toolCallId, toolCallName, toolName: toolCallName },
    { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input) },
    { type: 'TOOL_CALL_END', toolCallId },
  ];
}

export function calls(...each: readonly (readonly Event[])[]): readonly Event[] {
  return [begin, ...each.flat(), end('tool_calls')];
}

export function createTap(): Tap {
  const waiting: (Event | Error | undefined)[] = [];
  let wake = (): void => {};
  let messageId: string | undefined;
  const add = (...items: readonly (Event | Error | undefined)[]): void => {
    waiting.push(...items);
    wake();
  };
  return {
    push: add,
    say(delta) {
      if (messageId === undefined) {
        messageId = `m${(ids += 1)}`;
        add(begin, { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' });
      }
      add({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta });
    },
    end() {
      if (messageId !== undefined) add({ type: 'TEXT_MESSAGE_END', messageId });
      add(end(), undefined);
    },
    fail: (error) => add(error),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const [next] = waiting;
        if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        else {
          waiting.shift();
          if (next === undefined) return;
          if (next instanceof Error) throw next;
          yield next;
        }
      }
    },
  };
}
