import type { AnnotationPage, Cursor, Serial } from '@holdfast/channel';
import type { Annotation as AblyAnnotation, PaginatedResult, RealtimeChannel } from 'ably';
import { mapped } from '../errors.ts';
import { decodeAnnotation } from '../wire/annotation.ts';

const DEFAULT_LIMIT = 100;

/** Single annotations of a message, oldest first; a page's cursor is the serial of its last one. */
export async function listAnnotations(
  ably: RealtimeChannel,
  serial: Serial,
  { cursor, limit = DEFAULT_LIMIT }: { readonly cursor?: Cursor; readonly limit?: number },
): Promise<AnnotationPage> {
  const annotations: AblyAnnotation[] = [];
  let page: PaginatedResult<AblyAnnotation> | null = await mapped(ably.annotations.get(serial, { limit }));
  while (page !== null && annotations.length <= limit) {
    annotations.push(...page.items.filter((each) => cursor === undefined || each.serial > cursor));
    page = page.hasNext() ? await mapped(page.next()) : null;
  }
  const shown = annotations.slice(0, limit).map(decodeAnnotation);
  const last = shown.at(-1);
  return annotations.length > limit && last !== undefined
    ? { annotations: shown, next: last.version as string as Cursor }
    : { annotations: shown };
}
