import { createContentFold, standingLength, type Codec } from '@holdfast/codec';

/** A log that is shown to a framework's reader as it grows, as a session shows it. */
export interface LogReading<Chunk> {
  /** The chunks that the next piece brings; it may be cut anywhere. */
  push(piece: string): readonly Chunk[];
  /** Takes back everything past the first `length` code units. Undefined where the reader has no way back. */
  rewind(length: number): readonly Chunk[] | undefined;
}

/** Reads a log from its start. */
export function readLog<Chunk>({ decoder: open }: Pick<Codec<Chunk>, 'decoder'>): LogReading<Chunk> {
  const decoder = open();
  let fold = createContentFold();
  let log = '';
  return {
    push(piece) {
      log += piece;
      fold.push(piece);
      const chunks = decoder.show(fold.content);
      if (chunks === undefined) throw new Error('The log went on, and the decoder has no chunks for that.');
      return chunks;
    },
    rewind(length) {
      log = log.slice(0, standingLength(log, length));
      fold = createContentFold();
      fold.push(log);
      return decoder.show(fold.content);
    },
  };
}
