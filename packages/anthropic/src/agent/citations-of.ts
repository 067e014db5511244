import { isObject, type ContentMessage } from '@holdfast/codec';
import { readDocuments, resolve, textRange } from '@holdfast/codec/documents';
import type { Citation } from '@holdfast/core/annotations';
import { MARKS } from '../codec/any-event.ts';
import { blockAt, listOf, toDocument } from '../codec/message-document.ts';

/** The pages that an answer of the provider's cites: each for the whole block of text that it stands with. */
export function citationsOf({ parts }: Pick<ContentMessage, 'parts'>): readonly Citation[] {
  return readDocuments(parts, MARKS.message).documents.flatMap((stored) => {
    const document = toDocument(resolve(stored));
    if (document === undefined) return [];
    return document.blocks.flatMap((_block, index) => {
      const { citations } = blockAt(document, index) ?? {};
      const text = textRange(parts, stored, ['blocks', index, 'text']);
      const range = text !== undefined && text.start < text.end ? { range: text } : {};
      return listOf(citations).flatMap((citation): readonly Citation[] => {
        if (!isObject(citation)) return [];
        const { url, title, cited_text: quote } = citation;
        if (typeof url !== 'string') return [];
        return [
          {
            url,
            ...(typeof title === 'string' && { title }),
            ...range,
            ...(typeof quote === 'string' && { quote }),
          },
        ];
      });
    });
  });
}
