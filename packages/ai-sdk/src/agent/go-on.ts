import { createContentFold } from '@holdfast/codec';
import type { UIMessageChunk } from 'ai';

/**
 * A new stream as it goes on after what a lost process has written: where that ended amid a text, the new stream's first
 * text is the rest of it, without a start of its own.
 */
export async function* goOn(
  log: string,
  chunks: AsyncIterable<UIMessageChunk>,
): AsyncGenerator<UIMessageChunk> {
  const isAmidText = endsAmidText(log);
  const waiting: UIMessageChunk[] = [];
  let isBegun = !isAmidText;
  for await (const chunk of chunks) {
    if (isBegun) yield chunk;
    else if (chunk.type === 'start' || chunk.type === 'start-step') waiting.push(chunk);
    else {
      isBegun = true;
      if (chunk.type === 'text-start') continue;
      // The model has something else to say: the text ends where it is.
      yield { type: 'text-end', id: '' };
      yield* waiting;
      yield chunk;
    }
  }
}

function endsAmidText(log: string): boolean {
  const fold = createContentFold();
  fold.push(log);
  const open = fold.content.parts.filter((part) => part.type === 'text' && part.state === 'streaming');
  return open.length === 1 && open[0] === fold.content.parts.at(-1);
}
