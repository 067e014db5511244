import { createContentFold, type Content } from '@holdfast/codec';
import { readLog } from '@holdfast/conformance/codec';
import { responsesCodec, type ResponsesEvent } from '../../src/index.ts';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import { events } from './fold.ts';

/** The appends that make the log of events. */
export function pieces(stream: readonly Event[]): string[] {
  const encoder = responsesCodec.encoder();
  return events(stream).map((event) => {
    encoder.write(event);
    return encoder.take();
  });
}

/** The events of a log that comes in pieces. */
export function decode(...log: readonly string[]): ResponsesEvent[] {
  const reading = readLog(responsesCodec);
  return log.flatMap((piece) => reading.push(piece));
}

export function contentOf(...log: readonly string[]): Content {
  const content = createContentFold();
  for (const piece of log) content.push(piece);
  return content.content;
}
