import type { Codec, Content } from '@holdfast/codec';

export interface ReadOptions<Chunk> {
  /** Reading needs the decoding half of a codec only. */
  readonly codec: Pick<Codec<Chunk>, 'name' | 'decoder'>;
  readonly signal?: AbortSignal;
  /**
   * What the reader shows of the answer already: chunks tell how it went on from there. `length` is that of the run's log
   * then, and a run that rests at that length is waited for until it goes on. Default: nothing.
   */
  readonly from?: { readonly content: Content; readonly length: number };
}
