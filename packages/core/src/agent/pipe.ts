import { abortable } from '../abortable.ts';
import type { RunWriter } from './run-writer.ts';

/**
 * Publishes a stream to its end. No receipt is awaited but when the channel is far behind. Where `held` gives a promise, the
 * next chunk is asked for when that resolves.
 */
export async function pipe<Chunk>(
  chunks: AsyncIterable<Chunk> | ReadableStream<Chunk>,
  writer: RunWriter<Chunk>,
  signal: AbortSignal,
  held: () => Promise<void> | undefined,
): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const hold = held();
      if (hold !== undefined) await abortable(hold, signal);
      const next = await abortable(iterator.next(), signal);
      if (next.done === true) break;
      writer.chunk(next.value);
      const backlog = writer.ready();
      if (backlog !== undefined) await abortable(backlog, signal);
    }
  } catch (error) {
    // The source may be stuck where it is: it is told, and not waited for.
    void Promise.resolve(iterator.return?.()).catch(() => {});
    throw error;
  }
  await abortable(writer.flush(), signal);
}
