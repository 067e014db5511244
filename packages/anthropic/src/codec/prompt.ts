import type { ContentBlockParam, MessageParam } from '@anthropic-ai/sdk/resources/messages/messages';
import type { ContentMessage, Part } from '@holdfast/codec';
import { readDocuments, resolve, unreadIn } from '@holdfast/codec/documents';
import { MARKS } from './any-event.ts';
import { resultsOf } from './call-results.ts';
import { fromNeutral, toContent } from './from-neutral.ts';
import { toDocument } from './message-document.ts';
import type { Said } from './said.ts';
import { toBlocks } from './to-blocks.ts';

const CUT_SHORT: ReadonlyMap<unknown, string> = new Map([
  ['cancelled', '[The user stopped this answer here.]'],
  ['error', '[This answer failed here.]'],
  ['lost', '[This answer broke off here.]'],
]);

/**
 * The branch as `messages.create` takes it for its `messages`. What the provider said goes back as it was, with thinking, its
 * signatures and the calls that it ran itself; results stand behind their calls. A call that nothing will settle any more has a
 * result that says so, since the provider refuses a call without one; an answer that was stopped stays, and says so. Answers of
 * other agents are given as text, calls and results.
 */
export function toPrompt(branch: readonly ContentMessage[]): MessageParam[] {
  const said = branch.flatMap(({ role, parts, finish }, index): readonly Said[] => {
    if (role !== 'assistant') return [{ role, content: toContent(parts) }];
    const note = CUT_SHORT.get(finish?.['reason']);
    return [
      ...toAnswer(parts, index === branch.length - 1),
      { role: 'assistant', content: note === undefined ? [] : [{ type: 'text', text: note }] },
    ];
  });
  return joined(said);
}

function toAnswer(parts: readonly Part[], isLast: boolean): readonly Said[] {
  const { documents, before } = readDocuments(parts, MARKS.message);
  return [
    ...fromNeutral(before),
    ...documents.flatMap((stored, index): readonly Said[] => {
      const document = toDocument(resolve(stored));
      if (document === undefined) return [];
      const goesOn = isLast && index === documents.length - 1;
      const unread = new Set(unreadIn(stored).map(([, index]) => index));
      const content = toBlocks(document, { goesOn, unread });
      return [
        { role: 'assistant', content },
        { role: 'user', content: resultsOf(content, stored.parts) },
        { role: 'user', content: steersOf(stored.parts) },
      ];
    }),
  ];
}

/** What people said while the answer was written. */
function steersOf(parts: readonly Part[]): readonly ContentBlockParam[] {
  return parts.flatMap((part) =>
    part.type === 'steering' ? toContent(part.parts as unknown as readonly Part[]) : [],
  );
}

/** One message for each time that the sides change; who says nothing has none. */
function joined(said: readonly Said[]): MessageParam[] {
  const messages: { role: Said['role']; content: ContentBlockParam[] }[] = [];
  for (const { role, content } of said) {
    if (content.length === 0) continue;
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...content);
    else messages.push({ role, content: [...content] });
  }
  return messages.map(({ role, content }) =>
    role === 'system'
      ? { role, content: content.filter((block) => block.type === 'text') }
      : { role, content },
  );
}
