import type { ContentMessage } from './part.ts';

/**
 * Maps one framework's stream chunks to the frame log and back. One table drives both directions; unknown chunks travel
 * as `raw`. Decoding then folding with the framework's own reducer gives the message that the original chunks give, for
 * every split and join point; chunk boundaries are not kept.
 */
export interface Codec<Chunk, Prompt = unknown> {
  /** Names the framework, in `raw` controls and the `x` fields. */
  readonly name: string;
  /** `log` is what stands of the response already, when another process goes on with it. */
  encoder(log?: string): Encoder<Chunk>;
  decoder(): Decoder<Chunk>;
  /** The branch as a model call wants it. */
  prompt(branch: readonly ContentMessage[]): Promise<Prompt>;
}

export interface Encoder<Chunk> {
  /** Takes one chunk of the model's stream. Never throws on what a chunk contains. */
  write(chunk: Chunk): void;
  /**
   * Closes what an abort or a failure left open: open parts are closed, calls without a result get one that says so.
   * Nothing happens where nothing is open.
   */
  settle(reason: string): void;
  /** What to append to the log since the last call; deltas that wait here are coalesced. Empty when there is nothing. */
  take(): string;
  /** Transient chunks since the last call: they travel as signals and are never stored. */
  takeSignals(): readonly Chunk[];
}

export interface Decoder<Chunk> {
  /**
   * Takes the next piece of the log, cut anywhere, and returns its chunks. A push never re-runs a tool: for calls whose
   * result lies in the same push, the chunk that would trigger the call is left out.
   */
  push(data: string): readonly Chunk[];
  /**
   * Takes back everything past the first `length` code units of what was pushed. Returns the chunks which make the
   * framework's reducer agree, or undefined where the framework has none and the message must be replayed whole.
   */
  rewind(length: number): readonly Chunk[] | undefined;
}
