import type { ContentMessage } from '@holdfast/codec';
import { readDocuments, resolve, textRange } from '@holdfast/codec/documents';
import type { Citation } from '@holdfast/core/annotations';
import { MARKS } from '../codec/any-event.ts';
import { itemsOf, objectsOf, textOf, toDocument } from '../codec/response-document.ts';

/** The pages that an answer of the provider's cites, and for which of its words. */
export function citationsOf({ parts }: Pick<ContentMessage, 'parts'>): readonly Citation[] {
  return readDocuments(parts, MARKS.response).documents.flatMap((stored) => {
    const document = toDocument(resolve(stored));
    const items = document === undefined ? [] : itemsOf(document);
    return items.flatMap((item, index) =>
      objectsOf(item['content']).flatMap((content, n) => {
        const text = textRange(parts, stored, ['response', 'output', index, 'content', n, 'text']);
        return objectsOf(content['annotations']).flatMap((annotation): readonly Citation[] => {
          if (annotation['type'] !== 'url_citation') return [];
          const title = textOf(annotation['title']);
          const range = text && within(text, annotation['start_index'], annotation['end_index']);
          const url = textOf(annotation['url']);
          return [{ url, ...(title !== '' && { title }), ...(range !== undefined && { range }) }];
        });
      }),
    );
  });
}

type Range = NonNullable<Citation['range']>;

/** Part of a text; all of it where the provider states no part of it. */
function within({ start, end }: Range, from: unknown, to: unknown): Range | undefined {
  const isPlaced =
    typeof from === 'number' && typeof to === 'number' && from >= 0 && from < to && start + to <= end;
  if (isPlaced) return { start: start + from, end: start + to };
  return start < end ? { start, end } : undefined;
}
