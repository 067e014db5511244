import type { Content, Decoder } from '@holdfast/codec';
import type { StreamChunk } from '@tanstack/ai/client';
import type { AnyEvent } from './any-event.ts';
import { besideOf } from './beside.ts';
import { toFinished } from './finished.ts';
import { isSame } from './is-same.ts';
import { createMirror } from './mirror.ts';
import { toMessages } from './to-messages.ts';

/**
 * Shows an answer to a `StreamProcessor` of its own; `shown` is what that has of it already. Increments where there are any,
 * else a `MESSAGES_SNAPSHOT` of the answer's messages: so there is a way back from everything.
 */
export function createDecoder(shown?: Content): Decoder<StreamChunk> {
  const mirror = createMirror();
  let last: Content = { parts: [] };
  let told = 0;

  const show = (next: Content): readonly AnyEvent[] => {
    const events = [...mirror.lead(toMessages(next))];
    const beside = besideOf(next);
    const isFinished = next.finish !== undefined && !isSame(next.finish, last.finish);
    const more = [...beside.slice(told), ...(isFinished ? [toFinished(next)] : [])];
    for (const event of more) mirror.tell(event);
    told = beside.length;
    last = next;
    // What the reader makes of the end is not always what the answer shows.
    const after = more.length > 0 ? mirror.lead(toMessages(next)) : [];
    return [...events, ...more, ...after];
  };
  if (shown !== undefined) show(shown);
  return { show: (next) => show(next) as unknown as readonly StreamChunk[] };
}
