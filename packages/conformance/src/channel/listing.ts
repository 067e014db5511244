import type { Channel, Cursor, HistoryQuery, Message } from '@holdfast/channel';
import { holds } from '../law/violation.ts';
import { insist } from './retry.ts';

/**
 * Reads history to its end in pages of `limit`, oldest first. Checks what every listing must keep: newest first, no
 * message twice, no page longer than asked for.
 */
export async function listAll(
  channel: Channel,
  query: Omit<HistoryQuery, 'cursor'> = {},
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let cursor: Cursor | undefined;
  do {
    const at = cursor;
    const page = await insist(() => channel.history({ ...query, ...(at !== undefined && { cursor: at }) }));
    holds(
      page.messages.length <= (query.limit ?? 100),
      `a page of history holds ${page.messages.length} messages where at most ${query.limit ?? 100} were asked for`,
    );
    holds(
      page.messages.length > 0 || page.next === undefined,
      'an empty page of history points to a next page',
    );
    for (const message of page.messages) {
      const newer = messages.at(-1);
      holds(
        newer === undefined || message.serial < newer.serial,
        `history is not newest first or repeats itself: ${message.serial} comes after ${String(newer?.serial)}`,
      );
      messages.push(message);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return messages.reverse();
}
