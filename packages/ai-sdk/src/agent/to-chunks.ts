import * as ai from 'ai';
import type { UIMessageChunk } from 'ai';

/** What can be published: a result of `streamText` or of an agent, or chunks as they are. */
export type StreamSource =
  | AsyncIterable<UIMessageChunk>
  | { readonly stream: ReadableStream<unknown> }
  /** AI SDK 6. */
  | { toUIMessageStream(options: ChunkOptions): AsyncIterable<UIMessageChunk> };

export interface ChunkOptions {
  readonly sendReasoning: boolean;
  readonly sendSources: boolean;
  /** What clients may read about an error. */
  readonly onError: (error: unknown) => string;
}

/** UI message chunks of whatever was returned. */
export function toChunks(source: StreamSource, options: ChunkOptions): AsyncIterable<UIMessageChunk> {
  if (Symbol.asyncIterator in source) return source;
  // In 7 the function stands by itself, and the method is deprecated; 6 has only the method.
  if ('stream' in source && 'toUIMessageStream' in ai)
    return ai.toUIMessageStream({ stream: source.stream as ReadableStream<never>, ...options });
  if ('toUIMessageStream' in source) return source.toUIMessageStream(options);
  throw new TypeError('stream() must return the result of streamText, or a stream of UI message chunks');
}
