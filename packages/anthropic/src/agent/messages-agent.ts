import type { MessageParam, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import { createAgent, type Agent, type AgentOptions, type AgentRun } from '@holdfast/core';
import { citeAnswer } from '@holdfast/core/annotations';
import { takeTurns, type Tools, type Turn } from '@holdfast/core/turns';
import type { MessagesEvent } from '../codec/any-event.ts';
import { messagesCodec } from '../codec/messages-codec.ts';
import { citationsOf } from './citations-of.ts';
import { toErrorEvent, watchTurn } from './watch-turn.ts';

export type MessagesAgentRun = AgentRun<MessagesEvent, MessageParam[]>;

export interface MessagesAgentOptions extends Omit<
  AgentOptions<MessagesEvent, MessageParam[]>,
  'codec' | 'run'
> {
  /**
   * Has the model take one turn: returns what `messages.create` with `stream: true` or `messages.stream` returns. It is called
   * again after the model's calls were run. Give it `run.prompt()` as `messages`, and `run.signal`, so that a cancelled run stops
   * the model.
   */
  readonly stream: (
    run: MessagesAgentRun,
  ) => AsyncIterable<RawMessageStreamEvent> | PromiseLike<AsyncIterable<RawMessageStreamEvent>>;
  /** The tools that the agent runs, by name; a call of any other one waits for a client. Default: none. */
  readonly tools?: Tools;
  /** How often the model may be called in a run. Default 20. */
  readonly maxTurns?: number;
  /**
   * Cites the pages that the provider cites, as annotations of the answer: clients then see how often each site is cited without
   * reading any. Default false.
   */
  readonly citeSources?: boolean;
}

/**
 * An agent for Anthropic's SDK. A run always ends, and says so to everybody: `complete` when the model has nothing more to ask
 * for, `suspended` where a call or an approval waits for a client, `cancelled` when somebody stops it, `error` when the provider
 * throws or breaks off, or `stream` throws.
 */
export function messagesAgent({
  stream,
  tools = {},
  maxTurns = 20,
  citeSources = false,
  ...options
}: MessagesAgentOptions): Agent {
  const describeError = options.describeError ?? (() => 'An error occurred.');
  return createAgent<MessagesEvent, MessageParam[]>({
    ...options,
    describeError,
    codec: messagesCodec,
    async run(run) {
      const turn = async (): Promise<Turn> => {
        const events = watchTurn(await stream(run), describeError);
        await run.pipe(events);
        return events.end;
      };
      try {
        await takeTurns(run, { turn, tools, maxTurns, describeError });
        if (citeSources) await citeAnswer(run, citationsOf);
      } catch (error) {
        // Clients are told in their provider's own way too.
        if (!run.signal.aborted) await run.pipe(once(toErrorEvent(describeError(error))));
        throw error;
      }
    },
  });
}

async function* once(event: MessagesEvent): AsyncGenerator<MessagesEvent> {
  yield event;
}
