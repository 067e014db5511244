import type { Annotation, AnnotationPage } from '../annotation.ts';
import type { Page } from '../contract.ts';
import { ChannelError } from '../errors.ts';
import type { Cursor } from '../ids.ts';
import type { Message } from '../message.ts';
import { decodeVersion } from './clock.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** How many entries a query wants. An engine reads one more than that, so that it knows whether there is a next page. */
export function readLimit(limit: number | undefined = DEFAULT_LIMIT): number {
  return Math.min(MAX_LIMIT, Math.max(1, Math.floor(limit)));
}

/**
 * The tick that a page ended at; undefined for the first page.
 *
 * @throws ChannelError `invalid`, with the path `query.cursor`
 */
export function tickOfCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const tick = decodeVersion(cursor);
  if (tick === undefined)
    throw new ChannelError('invalid', 'query.cursor: is none that a page of this channel gave.', {
      path: 'query.cursor',
    });
  return tick;
}

/** A page of messages, newest first, from at least one more than fits; its cursor is the serial of its last message. */
export function pageOf(found: readonly Message[], limit: number): Page {
  const messages = found.slice(0, limit);
  const last = messages.at(-1);
  return found.length > limit && last !== undefined
    ? { messages, next: last.serial as string as Cursor }
    : { messages };
}

/** A page of annotations, oldest first; its cursor is the version of its last annotation. */
export function annotationPageOf(found: readonly Annotation[], limit: number): AnnotationPage {
  const annotations = found.slice(0, limit);
  const last = annotations.at(-1);
  return found.length > limit && last !== undefined
    ? { annotations, next: last.version as string as Cursor }
    : { annotations };
}
