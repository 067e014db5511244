import { readLog } from '@holdfast/conformance/codec';
import type { StreamChunk } from '@tanstack/ai/client';
import { agUiCodec } from '../../src/index.ts';
import { events, type Event } from './fold.ts';

/** The appends that make the log of events. */
export function pieces(stream: readonly Event[]): string[] {
  const encoder = agUiCodec.encoder();
  return events(stream).map((event) => {
    encoder.write(event);
    return encoder.take();
  });
}

/** The events of a log that comes in pieces. */
export function decode(...log: readonly string[]): StreamChunk[] {
  const reading = readLog(agUiCodec);
  return log.flatMap((piece) => reading.push(piece));
}
