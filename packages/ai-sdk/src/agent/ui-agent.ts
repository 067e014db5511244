import { createAgent, type Agent, type AgentOptions, type AgentRun } from '@holdfast/core';
import { citeAnswer } from '@holdfast/core/annotations';
import type { Experimental_Steering, ModelMessage, UIMessageChunk } from 'ai';
import { uiMessageCodec } from '../codec/ui-message-codec.ts';
import { goOn } from './go-on.ts';
import { createRunSteering } from './steering.ts';
import { toChunks, type StreamSource } from './to-chunks.ts';

export interface UIAgentRun extends AgentRun<UIMessageChunk, ModelMessage[]> {
  /**
   * What people say to this run while it is under way: give it to `streamText` as `experimental_steering`, and the model is
   * told at its next step.
   *
   * @throws TypeError with the AI SDK 6, which has no steering
   */
  readonly steering: Experimental_Steering;
}

export interface UIAgentOptions extends Omit<AgentOptions<UIMessageChunk, ModelMessage[]>, 'codec' | 'run'> {
  /**
   * Answers one run: returns what `streamText` or an agent's `stream` returns, or a stream of UI message chunks. Give it
   * `run.signal`, so that a cancelled run stops the model.
   */
  readonly stream: (run: UIAgentRun) => StreamSource | Promise<StreamSource>;
  /** Default true. */
  readonly sendReasoning?: boolean;
  /** Default true. */
  readonly sendSources?: boolean;
  /**
   * Cites the sources that the stream names, and what its provider cites for the text, as annotations of the answer: clients
   * then see how often each site is cited without reading any. Default false.
   */
  readonly citeSources?: boolean;
}

/**
 * An agent for the AI SDK. A run ends by itself: `complete` with the stream, `suspended` where a tool call or an approval
 * waits for a client, `cancelled` when somebody stops it, `error` when the model fails or `stream` throws; what an abort
 * leaves open is closed.
 */
export function uiAgent({
  stream,
  sendReasoning = true,
  sendSources = true,
  citeSources = false,
  ...options
}: UIAgentOptions): Agent {
  const describeError = options.describeError ?? (() => 'An error occurred.');
  return createAgent<UIMessageChunk, ModelMessage[]>({
    ...options,
    describeError,
    codec: uiMessageCodec,
    async run(run) {
      try {
        const source = await stream(withSteering(run));
        const chunks = toChunks(source, { sendReasoning, sendSources, onError: describeError });
        await run.pipe(observe(run, goOn(run.log, chunks)));
        if (citeSources) await citeAnswer(run);
      } catch (error) {
        // Clients are told in their framework's own way too.
        if (!run.signal.aborted) await run.pipe(once({ type: 'error', errorText: describeError(error) }));
        throw error;
      }
    },
  });
}

function withSteering(run: AgentRun<UIMessageChunk, ModelMessage[]>): UIAgentRun {
  let steering: Experimental_Steering | undefined;
  return Object.defineProperties({} as UIAgentRun, {
    ...Object.getOwnPropertyDescriptors(run),
    steering: { get: () => (steering ??= createRunSteering(run)) },
  });
}

/** Says what can be seen in the stream of what the agent is doing. */
async function* observe(
  run: Pick<UIAgentRun, 'end' | 'state'>,
  chunks: AsyncIterable<UIMessageChunk>,
): AsyncGenerator<UIMessageChunk> {
  for await (const chunk of chunks) {
    // A provider's failure comes as a chunk, and the stream ends as if nothing had happened.
    if (chunk.type === 'error') run.end('error', chunk.errorText);
    if (chunk.type === 'tool-input-available' && chunk.providerExecuted !== true)
      run.state({ doing: 'calling', tool: chunk.toolName });
    // One that is preliminary says that the tool goes on.
    const isDone = chunk.type === 'tool-output-available' && chunk.preliminary !== true;
    if (isDone || chunk.type === 'tool-output-error') run.state({ doing: 'thinking' });
    yield chunk;
  }
}

async function* once(chunk: UIMessageChunk): AsyncGenerator<UIMessageChunk> {
  yield chunk;
}
