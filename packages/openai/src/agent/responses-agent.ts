import { createAgent, type Agent, type AgentOptions, type AgentRun } from '@holdfast/core';
import { citeAnswer } from '@holdfast/core/annotations';
import { takeTurns, type Tools, type Turn } from '@holdfast/core/turns';
import type { ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { ResponsesEvent } from '../codec/any-event.ts';
import { responsesCodec } from '../codec/responses-codec.ts';
import { citationsOf } from './citations-of.ts';
import { toErrorEvent, watchTurn } from './watch-turn.ts';

export type ResponsesAgentRun = AgentRun<ResponsesEvent, ResponseInputItem[]>;

export interface ResponsesAgentOptions extends Omit<
  AgentOptions<ResponsesEvent, ResponseInputItem[]>,
  'codec' | 'run'
> {
  /**
   * Has the model take one turn: returns what `responses.create` with `stream: true` or `responses.stream` returns. It is
   * called again after the model's calls were run. Give it `run.prompt()` as `input`, and `run.signal`, so that a cancelled run
   * stops the model.
   */
  readonly stream: (
    run: ResponsesAgentRun,
  ) => AsyncIterable<ResponseStreamEvent> | PromiseLike<AsyncIterable<ResponseStreamEvent>>;
  /** The tools that the agent runs, by name; a call of any other one waits for a client. Default: none. */
  readonly tools?: Tools;
  /** How often the model may be called in a run. Default 20. */
  readonly maxTurns?: number;
  /** Whether everybody may read what the response repeats of the request: instructions, tools, prompt. Default false. */
  readonly sendRequest?: boolean;
  /**
   * Cites the pages that the provider cites, as annotations of the answer: clients then see how often each site is cited without
   * reading any. Default false.
   */
  readonly citeSources?: boolean;
}

/**
 * An agent for OpenAI's SDK. A run always ends, and says so to everybody: `complete` when the model has nothing more to ask for,
 * `suspended` where a call or an approval waits for a client, `cancelled` when somebody stops it, `error` when the provider
 * reports one, throws or breaks off, or `stream` throws.
 */
export function responsesAgent({
  stream,
  tools = {},
  maxTurns = 20,
  sendRequest = false,
  citeSources = false,
  ...options
}: ResponsesAgentOptions): Agent {
  const describeError = options.describeError ?? (() => 'An error occurred.');
  return createAgent<ResponsesEvent, ResponseInputItem[]>({
    ...options,
    describeError,
    codec: responsesCodec,
    async run(run) {
      const turn = async (): Promise<Turn> => {
        const events = watchTurn(await stream(run), { describeError, sendRequest });
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

async function* once(event: ResponsesEvent): AsyncGenerator<ResponsesEvent> {
  yield event;
}
