import { isEqual, isObject, type Content, type Decoder } from '@holdfast/codec';
import { callsOf, readDocuments, resolve, tellSessionEvents } from '@holdfast/codec/documents';
import { MARKS, PROVIDER, type MessagesEvent } from './any-event.ts';
import { toDocument, type MessageDocument } from './message-document.ts';
import { createTelling, type Telling } from './tell.ts';

/**
 * Tells an answer as the provider would: whatever the log's pieces were, a reader's accumulator ends with the same messages.
 * Who joins late is told all there is in one go.
 */
export function createDecoder(shown?: Content): Decoder<MessagesEvent> {
  const tellings: Telling[] = [];
  let passed = 0;
  let last: Content | undefined;
  let calls = callsOf({ parts: [] });

  const show = (content: Content): readonly MessagesEvent[] | undefined => {
    if (content === last) return [];
    const documents = documentsOf(content);
    if (documents.length < tellings.length || !isKept(documents)) return undefined;
    const events: unknown[] = [];
    for (const [index, document] of documents.entries()) {
      const telling = (tellings[index] ??= createTelling());
      const told = telling.to(document);
      if (told === undefined) return undefined;
      events.push(...told);
    }
    const passing = content.parts.flatMap((part) =>
      part.type === 'raw' && part.of === PROVIDER && isObject(part.chunk) ? [part.chunk] : [],
    );
    events.push(...tellSessionEvents(content, calls), ...passing.slice(passed));
    passed = passing.length;
    last = content;
    calls = callsOf(content);
    return events as readonly MessagesEvent[];
  };

  /** What came before the last message that the reader knows can't be told otherwise any more. */
  const isKept = (documents: readonly MessageDocument[]): boolean =>
    tellings.slice(0, -1).every(({ document }, index) => isEqual(document, documents[index]));

  if (shown !== undefined) show(shown);
  return { show };
}

/** The messages that an answer is made of. */
export function documentsOf({ parts }: Pick<Content, 'parts'>): readonly MessageDocument[] {
  return readDocuments(parts, MARKS.message).documents.flatMap((stored) => toDocument(resolve(stored)) ?? []);
}
