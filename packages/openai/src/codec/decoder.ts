import { isEqual, isObject, type Content, type Decoder } from '@holdfast/codec';
import { callsOf, readDocuments, resolve, tellSessionEvents } from '@holdfast/codec/documents';
import { MARKS, PROVIDER, type ResponsesEvent } from './any-event.ts';
import { toDocument, type ResponseDocument } from './response-document.ts';
import { createTelling, type Telling } from './tell.ts';

/**
 * Tells an answer as the provider would: whatever the log's pieces were, a reader's accumulator ends with the same responses.
 * Who joins late is told all there is in one go.
 */
export function createDecoder(shown?: Content): Decoder<ResponsesEvent> {
  const tellings: Telling[] = [];
  let passed = 0;
  let last: Content | undefined;
  let calls = callsOf({ parts: [] });

  const show = (content: Content): readonly ResponsesEvent[] | undefined => {
    if (content === last) return [];
    const documents = documentsOf(content);
    if (documents.length < tellings.length || !isKept(documents)) return undefined;
    const events: unknown[] = [];
    for (const [index, document] of documents.entries()) {
      const telling = (tellings[index] ??= createTelling());
      events.push(...telling.to(document));
    }
    const passing = content.parts.flatMap((part) =>
      part.type === 'raw' && part.of === PROVIDER && isObject(part.chunk) ? [part.chunk] : [],
    );
    events.push(...tellSessionEvents(content, calls), ...passing.slice(passed));
    passed = passing.length;
    last = content;
    calls = callsOf(content);
    return events as readonly ResponsesEvent[];
  };

  /** What came before the last response that the reader knows can't be told otherwise any more. */
  const isKept = (documents: readonly ResponseDocument[]): boolean =>
    tellings
      .slice(0, -1)
      .every(({ document }, index) => isEqual(document?.response, documents[index]?.response));

  if (shown !== undefined) show(shown);
  return { show };
}

/** The responses that an answer is made of. */
export function documentsOf({ parts }: Pick<Content, 'parts'>): readonly ResponseDocument[] {
  return readDocuments(parts, MARKS.response).documents.flatMap(
    (stored) => toDocument(resolve(stored)) ?? [],
  );
}
