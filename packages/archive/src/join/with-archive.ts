import { ChannelError, isChannelError } from '@holdfast/channel';
import type { AnnotationPage, Channel, Channels, Cursor, Serial } from '@holdfast/channel';
import { DEFAULT_LIMIT, type ArchiveReader } from '../archive.ts';
import { asked, readJoined } from './joined-history.ts';

/**
 * Channels whose history goes on in an archive where the channel's own ends, without a seam: a session that is opened with
 * them shows what its channel has long forgotten. Give it to agents too, whose prompts then reach as far back.
 *
 * While the archive can't be read, what the channel has is shown; older pages reject with `unavailable`.
 */
export function withArchive(channels: Channels, archive: ArchiveReader): Channels {
  const joined = new Map<string, Channel>();
  return {
    connection: channels.connection,
    channel(name) {
      const channel = joined.get(name) ?? join(channels.channel(name), archive);
      joined.set(name, channel);
      return channel;
    },
    close: () => channels.close(),
  };
}

function join(channel: Channel, archive: ArchiveReader): Channel {
  return {
    name: channel.name,
    get features() {
      return channel.features;
    },
    presence: channel.presence,
    publish: (operations, options) => channel.publish(operations, options),
    signal: (draft) => channel.signal(draft),
    subscribe: (listener, options) => channel.subscribe(listener, options),
    history: (query = {}) => readJoined(channel, archive, query),
    async annotations(serial, query) {
      try {
        return await channel.annotations(serial, query);
      } catch (error) {
        if (!isChannelError(error) || error.code !== 'not_found') throw error;
        return readArchived(channel.name, archive, serial, query);
      }
    },
  };
}

/** A page's cursor is the version of its last annotation, as a channel's is. */
async function readArchived(
  session: string,
  archive: ArchiveReader,
  serial: Serial,
  {
    cursor = '' as Cursor,
    limit = DEFAULT_LIMIT,
  }: { readonly cursor?: Cursor; readonly limit?: number } = {},
): Promise<AnnotationPage> {
  const entry = await asked(() => archive.find(session, serial));
  if (entry === undefined)
    throw new ChannelError('not_found', 'Neither the channel nor its archive has this message.');
  const above: string = cursor;
  const rest = entry.annotations.filter(({ version }) => version > above);
  const annotations = rest.slice(0, limit);
  const last = annotations.at(-1);
  return rest.length > limit && last !== undefined
    ? { annotations, next: last.version as string as Cursor }
    : { annotations };
}
