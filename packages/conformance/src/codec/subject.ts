import type { Codec } from '@holdfast/codec';

/** What a framework's stream can be, and what its own reducer makes of it. */
export interface CodecSubject<Chunk> {
  readonly codec: Codec<Chunk>;
  /**
   * Streams that show what the framework can say, taken together: every chunk type, parts beside each other, tools, steps.
   * Each is one that the framework's reducer takes.
   */
  readonly streams: readonly CodecStream<Chunk>[];
  /** The framework's own reducer: what a client shows after the chunks, as JSON. It rejects where the reducer fails. */
  readonly fold: (chunks: readonly Chunk[]) => unknown;
  /** A chunk of a type that no version of the framework knows. */
  readonly unknown: Chunk;
  /** A chunk that is shown live and never kept, where the framework has such. */
  readonly transient?: Chunk;
  /** What a chunk is to a tool call, where clients of the framework run tools: undefined where it is nothing. */
  readonly call?: (chunk: Chunk) => CallChunk | undefined;
}

export interface CodecStream<Chunk> {
  readonly name: string;
  readonly chunks: readonly Chunk[];
}

/** `run`: a client that sees the chunk runs the call; `settled`: the chunk has its result. */
export interface CallChunk {
  readonly is: 'run' | 'settled';
  readonly id: string;
}
