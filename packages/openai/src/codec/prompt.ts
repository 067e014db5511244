import { isEqual, type ContentMessage, type JsonValue, type Part, type Path } from '@holdfast/codec';
import { at, put, readDocuments, resolve, unreadIn } from '@holdfast/codec/documents';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { MARKS } from './any-event.ts';
import { createCalls } from './call-outputs.ts';
import { fromNeutral, toUserItem } from './from-neutral.ts';
import { toDocument } from './response-document.ts';
import { toInput } from './to-input.ts';

const CUT_SHORT: ReadonlyMap<unknown, string> = new Map([
  ['cancelled', '[The user stopped this answer here.]'],
  ['error', '[This answer failed here.]'],
  ['lost', '[This answer broke off here.]'],
]);

/**
 * The branch as `responses.create` takes it for its `input`. What the provider said goes back as it was, with reasoning, its
 * encrypted content and the calls that it ran itself; results stand behind their calls. A call that nothing will settle any
 * more has an output that says so, since the provider refuses a call without one; an answer that was stopped stays, and says so.
 * Answers of other agents are given as text, calls and outputs.
 */
export function toPrompt(branch: readonly ContentMessage[]): ResponseInputItem[] {
  return branch.flatMap((message) => {
    if (message.role !== 'assistant') return [toUserItem(message.role, message.parts)].flat();
    const note = CUT_SHORT.get(message.finish?.['reason']);
    return [
      ...toAnswer(message.parts),
      ...(note === undefined ? [] : [{ role: 'assistant' as const, content: note }]),
    ];
  });
}

function toAnswer(parts: readonly Part[]): readonly ResponseInputItem[] {
  const { documents, before } = readDocuments(parts, MARKS.response);
  return [
    ...fromNeutral(before),
    ...documents.flatMap((stored) => {
      const document = toDocument(withoutTexts(resolve(stored), unreadIn(stored)));
      const items = document === undefined ? [] : toInput(document, createCalls(stored.parts));
      return [...items, ...steersOf(stored.parts)];
    }),
  ];
}

/** Without summaries that can't be read any more: what they summarised stands, as its id or encrypted. */
function withoutTexts(document: JsonValue, places: readonly Path[]): JsonValue {
  let kept = document;
  const lists = new Map(places.map((place) => [JSON.stringify(place.slice(0, -2)), place.slice(0, -2)]));
  for (const list of lists.values()) {
    const isUnread = (index: number): boolean =>
      places.some((place) => isEqual(place.slice(0, -1), [...list, index]));
    const texts = at(kept, list);
    if (Array.isArray(texts))
      kept = put(
        kept,
        list,
        texts.filter((_, index) => !isUnread(index)),
      );
  }
  return kept;
}

/** What people said while the answer was written. */
function steersOf(parts: readonly Part[]): readonly ResponseInputItem[] {
  return parts.flatMap((part) =>
    part.type === 'steering' ? toUserItem('user', part.parts as unknown as readonly Part[]) : [],
  );
}
