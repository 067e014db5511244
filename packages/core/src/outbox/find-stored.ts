import { isChannelError } from '@holdfast/channel';
import type { Channel, Cursor, Receipt } from '@holdfast/channel';
import type { OutboxEntry } from './entry.ts';

/**
 * The receipt of an entry that may have been stored: its id is looked for in history, down to what was there before it was sent (P30).
 * Undefined where it isn't there, and where this client may not read: then its id has to do (I5).
 *
 * @throws ChannelError one that is `retryable`
 */
export async function findStored(
  channel: Channel,
  { id, clientId, attempted }: Pick<OutboxEntry, 'id' | 'clientId' | 'attempted'>,
): Promise<Receipt | undefined> {
  if (!attempted) return undefined;
  const { after } = attempted;
  let cursor: Cursor | undefined;
  try {
    do {
      const { messages, next } = await channel.history(cursor ? { cursor } : {});
      const found = messages.find((message) => message.id === id && (message.clientId ?? '') === clientId);
      if (found) return { serial: found.serial, version: found.version };
      const last = messages.at(-1);
      cursor = last && after !== null && last.serial <= after ? undefined : next;
    } while (cursor);
  } catch (error) {
    if (isChannelError(error) && !error.retryable) return undefined;
    throw error;
  }
  return undefined;
}
