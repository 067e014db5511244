import type { Content, ContentMessage } from './part.ts';

/**
 * Maps one framework's stream chunks to the frame log, and what the log says back to chunks; unknown chunks travel as
 * `raw`. Folded by the framework's own reader they give the message that the original chunks give, for every split and join
 * point; chunk boundaries are not kept.
 */
export interface Codec<Chunk, Prompt = unknown> {
  /** Names the framework, in `raw` controls and the `x` fields. */
  readonly name: string;
  /** `log` is what stands of the response already, when another process goes on with it. */
  encoder(log?: string): Encoder<Chunk>;
  /** `shown` is what the framework's reader has of the message already, when it goes on with it. */
  decoder(shown?: Content): Decoder<Chunk>;
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

/**
 * Tells a framework's reader, in its chunks, how a message came to be what it is now. A message is shown whole every time,
 * so that joining late, gaps and text that was taken back are nothing special.
 */
export interface Decoder<Chunk> {
  /**
   * The chunks which lead the reader from the content shown last to this one; undefined where it has none for that, because
   * something was taken back that it keeps: then the message must be replayed to a new reader. A call that is settled here is never run: the
   * chunk that would trigger it is left out.
   */
  show(content: Content): readonly Chunk[] | undefined;
}
