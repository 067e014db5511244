import { same } from '../law/violation.ts';
import { readLog } from './read-log.ts';
import type { CodecStream, CodecSubject } from './subject.ts';

type Subject = CodecSubject<unknown>;
type Chunks = readonly unknown[];

/** The appends that make the log of chunks, one for each chunk. */
export function appendsOf({ codec }: Subject, chunks: Chunks): readonly string[] {
  const encoder = codec.encoder();
  return chunks.map((chunk) => {
    encoder.write(chunk);
    return encoder.take();
  });
}

/** The log of chunks that were all written before anything was taken. */
export function logOf({ codec }: Subject, chunks: Chunks): string {
  const encoder = codec.encoder();
  for (const chunk of chunks) encoder.write(chunk);
  return encoder.take();
}

/** The chunks of a log that comes in pieces. */
export function decode({ codec }: Subject, pieces: readonly string[]): Chunks {
  const reading = readLog(codec);
  return pieces.flatMap((piece) => reading.push(piece));
}

/** The pieces fold to what the stream folds to. */
export async function foldsTo(
  subject: Subject,
  { name, chunks }: CodecStream<unknown>,
  pieces: readonly string[],
  what: string,
): Promise<void> {
  same(await subject.fold(decode(subject, pieces)), await subject.fold(chunks), `'${name}', ${what}`);
}

/** Places to cut a text: all of them, or a fair sample of a long one. */
export function places(length: number, most = 24): readonly number[] {
  const step = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => Math.min(index * step, length));
}
