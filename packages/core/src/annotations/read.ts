import type { Annotation, AnnotationType, Cursor } from '@holdfast/channel';
import type { MessageId } from '../ids.ts';
import type { Session } from '../session.ts';
import { CITATIONS, readCitation, type Citation } from './citation.ts';
import { standingAnnotations } from './standing.ts';

/** A citation, and who made it. */
export interface MadeCitation extends Citation {
  readonly clientId?: string;
}

/**
 * The single annotations of a message that stand, oldest first, read page by page. Its summary, which comes with the message,
 * counts just these.
 *
 * @throws SessionError `not_found`; ChannelError `forbidden`, `unavailable`
 */
export async function readAnnotations(
  session: Pick<Session, 'annotations'>,
  message: MessageId,
  type?: AnnotationType,
): Promise<readonly Annotation[]> {
  const all: Annotation[] = [];
  for (let cursor: Cursor | undefined, isMore = true; isMore;) {
    const page = await session.annotations(message, cursor === undefined ? {} : { cursor });
    for (const annotation of page.annotations)
      if (type === undefined || annotation.type === type) all.push(annotation);
    cursor = page.next;
    isMore = cursor !== undefined;
  }
  return standingAnnotations(all);
}

/** A message's citations, oldest first. Throws as `readAnnotations`. */
export async function readCitations(
  session: Pick<Session, 'annotations'>,
  message: MessageId,
): Promise<readonly MadeCitation[]> {
  const annotations = await readAnnotations(session, message, CITATIONS);
  return annotations.flatMap((annotation) => {
    const citation = readCitation(annotation);
    const { clientId } = annotation;
    return citation === undefined ? [] : [{ ...citation, ...(clientId !== undefined && { clientId }) }];
  });
}
