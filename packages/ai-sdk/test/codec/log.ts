import { createContentFold } from '@holdfast/codec';
import { readLog } from '@holdfast/conformance/codec';
import type { UIMessage, UIMessageChunk } from 'ai';
import { toUIMessage, uiMessageCodec } from '../../src/index.ts';

/** The log of chunks; `isTaken` says, in turn, after which of them the writer was flushed. */
export function encode(chunks: readonly UIMessageChunk[], isTaken: readonly boolean[] = [false]): string {
  return pieces(chunks, isTaken).join('');
}

/** The appends that make the log of chunks. */
export function pieces(chunks: readonly UIMessageChunk[], isTaken: readonly boolean[] = [true]): string[] {
  const encoder = uiMessageCodec.encoder();
  const taken: string[] = [];
  chunks.forEach((chunk, index) => {
    encoder.write(chunk);
    if (isTaken[index % isTaken.length]) taken.push(encoder.take());
  });
  return [...taken, encoder.take()];
}

/** The chunks of a log that comes in pieces. */
export function decode(...log: readonly string[]): UIMessageChunk[] {
  const reading = readLog(uiMessageCodec);
  return log.flatMap((piece) => reading.push(piece));
}

/** The message that the neutral fold of a log shows. */
export function shown(log: string): UIMessage {
  const fold = createContentFold();
  fold.push(log);
  const { id = '', parts, metadata } = fold.content;
  return toUIMessage({ id, role: 'assistant', parts, ...(metadata === undefined ? {} : { metadata }) });
}
