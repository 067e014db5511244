import { isChannelError } from '@holdfast/channel';
import type { Annotation, Channel, Cursor, Message, Serial } from '@holdfast/channel';
import type { ArchivedMessage } from '../archive.ts';

const PAGE = 200;

/**
 * What a channel's history holds, in pages, newest first: all of it, or only `wanted`, which is looked for down to its oldest.
 *
 * @throws ChannelError `forbidden`, `unavailable`, `closed`
 */
export async function* collect(
  channel: Channel,
  wanted?: ReadonlySet<Serial>,
): AsyncGenerator<readonly ArchivedMessage[], void> {
  const oldest = wanted && [...wanted].toSorted()[0];
  let cursor: Cursor | undefined;
  do {
    const page = await channel.history({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    const messages = page.messages.filter(({ serial }) => wanted?.has(serial) ?? true);
    const entries: ArchivedMessage[] = [];
    for (const message of messages)
      entries.push({ message, annotations: await annotationsOf(channel, message) });
    if (entries.length > 0) yield entries;
    const last = page.messages.at(-1)?.serial;
    cursor = oldest !== undefined && last !== undefined && last <= oldest ? undefined : page.next;
  } while (cursor !== undefined);
}

async function annotationsOf(
  channel: Channel,
  { serial, annotations }: Message,
): Promise<readonly Annotation[]> {
  if (annotations === undefined) return [];
  const all: Annotation[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await pageOf(channel, serial, cursor);
    all.push(...page.annotations);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}

/** A message may expire, or be an archived one, between its page and this. */
async function pageOf(
  channel: Channel,
  serial: Serial,
  cursor: Cursor | undefined,
): ReturnType<Channel['annotations']> {
  try {
    return await channel.annotations(serial, cursor === undefined ? {} : { cursor });
  } catch (error) {
    if (isChannelError(error) && error.code === 'not_found') return { annotations: [] };
    throw error;
  }
}
