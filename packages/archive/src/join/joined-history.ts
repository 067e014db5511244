import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Channel, HistoryQuery, Message, Page } from '@holdfast/channel';
import { ArchiveError } from '../archive-error.ts';
import { DEFAULT_LIMIT, type ArchiveReader } from '../archive.ts';
import { readPlace, writePlace, type Place } from './cursor.ts';

/**
 * One page of a channel's history, or of what the archive has below it. A channel forgets its oldest messages first, so what
 * it still has is the newest and the freshest; the archive goes on below the oldest of these (P31).
 */
export async function readJoined(
  channel: Channel,
  archive: ArchiveReader,
  { cursor, until, limit = DEFAULT_LIMIT }: HistoryQuery,
): Promise<Page> {
  const place = readPlace(cursor);
  if (place.in === 'archive') return readArchive(channel.name, archive, place, limit);
  const { messages, next } = await channel.history({
    limit,
    ...(until !== undefined && { until }),
    ...(place.cursor !== undefined && { cursor: place.cursor }),
  });
  const lowest = messages.at(-1)?.serial ?? place.lowest;
  const below = lowest === undefined ? {} : { lowest };
  if (next !== undefined) return { messages, next: writePlace({ in: 'channel', cursor: next, ...below }) };
  const rest = limit - messages.length;
  const onward: Place = { in: 'archive', ...below };
  if (rest <= 0) return { messages, next: writePlace(onward) };
  try {
    const page = await readArchive(channel.name, archive, onward, rest);
    return { ...page, messages: [...messages, ...page.messages] };
  } catch (error) {
    // What the channel has is shown while the archive can't be reached; whoever asks for more hears of it.
    if (messages.length === 0) throw error;
    return { messages, next: writePlace(onward) };
  }
}

async function readArchive(
  session: string,
  archive: ArchiveReader,
  { lowest }: Place,
  limit: number,
): Promise<Page> {
  const query = { limit, ...(lowest !== undefined && { below: lowest }) };
  const { entries, next } = await asked(() => archive.read(session, query));
  const messages = entries.map(({ message }): Message => message);
  return next === undefined ? { messages } : { messages, next: writePlace({ in: 'archive', lowest: next }) };
}

/**
 * What an archive can't give now it may give later: whoever follows the channel tries again. Who may not read it is told so.
 */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isChannelError(cause)) throw cause;
    if (cause instanceof ArchiveError && cause.code === 'forbidden')
      throw new ChannelError('forbidden', cause.message, { cause });
    throw new ChannelError('unavailable', `The archive can't be read: ${String(cause)}`, { cause });
  }
}
