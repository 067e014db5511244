import { createAgent, type Agent, type AgentOptions, type AgentRun } from '@holdfast/core';
import type { RunAgentResumeItem, StreamChunk, UIMessage } from '@tanstack/ai/client';
import { agUiCodec } from '../codec/ag-ui-codec.ts';
import { resumeItems } from './resume-items.ts';
import { shareState } from './share-state.ts';
import { toErrorEvent, watchEnd } from './watch-end.ts';

export interface ChatAgentRun extends AgentRun<StreamChunk, UIMessage[]> {
  /** Aborts with `signal`: `chat()` takes a controller. */
  readonly abortController: AbortController;
  /**
   * What was answered to interrupts of this run that are about no tool call, as `chat()` takes it for its `resume`: `resolved`
   * with what the chat gave, or `cancelled`. Tool calls and approvals are in the prompt. Empty before anything was answered.
   */
  resume(): Promise<readonly RunAgentResumeItem[]>;
}

export interface ChatAgentOptions extends Omit<AgentOptions<StreamChunk, UIMessage[]>, 'codec' | 'run'> {
  /**
   * Answers one run: returns what `chat()` returns, or any stream of AG-UI events; its `STATE_SNAPSHOT` and `STATE_DELTA` become
   * the session's shared state. Give it `run.abortController`, so that a
   * cancelled run stops the model.
   */
  readonly stream: (run: ChatAgentRun) => AsyncIterable<StreamChunk> | Promise<AsyncIterable<StreamChunk>>;
}

/**
 * An agent for TanStack AI. A run always ends, and says so to everybody: `complete` with the stream, whatever its last event
 * was; `suspended` where a tool call or an approval waits for a client; `cancelled` when somebody stops it; `error` when the
 * provider reports one, or throws, or `stream` does.
 */
export function chatAgent({ stream, ...options }: ChatAgentOptions): Agent {
  const describeError = options.describeError ?? (() => 'An error occurred.');
  return createAgent<StreamChunk, UIMessage[]>({
    ...options,
    describeError,
    codec: agUiCodec,
    async run(run) {
      try {
        const events = watchEnd(await stream(withController(run)), describeError);
        await run.pipe(shareState(run, events));
        const { end } = events;
        // What waits for a client is assigned and waited for; else nothing may be left that nobody will settle.
        if (end.kind === 'error') run.end('error', end.text);
        else if (end.kind === 'finished') run.end('complete');
      } catch (error) {
        // Clients are told in their framework's own way too.
        if (!run.signal.aborted) await run.pipe(once(toErrorEvent(describeError(error))));
        throw error;
      }
    },
  });
}

function withController(run: AgentRun<StreamChunk, UIMessage[]>): ChatAgentRun {
  const abortController = new AbortController();
  const abort = (): void => abortController.abort(run.signal.reason);
  if (run.signal.aborted) abort();
  run.signal.addEventListener('abort', abort, { once: true });
  const resume = async (): Promise<readonly RunAgentResumeItem[]> => {
    const answer = (await run.branch()).findLast(({ id }) => id === run.messageId);
    return answer === undefined ? [] : resumeItems(answer);
  };
  // What a run tells as it stands is not to be told as it once stood.
  return Object.defineProperties({} as ChatAgentRun, {
    ...Object.getOwnPropertyDescriptors(run),
    abortController: { value: abortController, enumerable: true },
    resume: { value: resume, enumerable: true },
  });
}

async function* once(event: StreamChunk): AsyncGenerator<StreamChunk> {
  yield event;
}
