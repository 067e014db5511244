import { guardChannels, type ChannelFeatures, type Channels } from '@holdfast/channel';
import type { Realtime } from 'ably';
import { createAblyChannel, type ClosableChannel } from './ably-channel.ts';
import { createConnection } from './ably-connection.ts';
import { createPace } from './publishing/pace.ts';
import { isRecord } from './wire/record.ts';

export interface AblyChannelsOptions {
  /**
   * A Realtime client of the `ably` package, 2.23 or newer, with whatever authentication it has. It stays yours: closing
   * the channels leaves it open.
   */
  readonly client: Realtime;
  /**
   * What stands before the first colon of a channel's name at Ably, where the rule is that makes messages mutable:
   * `support-42` is `holdfast:support-42` there. Default `holdfast`; an empty string for none.
   */
  readonly namespace?: string;
  /** How many messages this connection sends per second at most; `Infinity` for no limit. Default 50, as Ably's is. */
  readonly messagesPerSecond?: number;
  /** How long a member outlives its connection, in milliseconds: what `remainPresentFor` says. Default 15,000. */
  readonly presenceLeaseMs?: number;
}

/** What Ably takes where it doesn't say, in bytes. */
const MAX_BYTES = 65_536;
/** What a message has beside its draft: our field names, its author. */
const FRAME_BYTES = 1024;

/**
 * Channels over Ably. See the README for the rule and the capabilities that they need.
 *
 * @throws TypeError for options that can't be right
 */
export function createAblyChannels(options: AblyChannelsOptions): Channels {
  const { client, namespace = 'holdfast', messagesPerSecond = 50, presenceLeaseMs = 15_000 } = options;
  if (!(messagesPerSecond >= 1)) throw new TypeError('messagesPerSecond must be 1 or more');
  const opened = new Set<ClosableChannel>();
  const pace = createPace(messagesPerSecond);
  const connection = createConnection(client);
  const maxBytes = (): number => statedBytes(client) ?? MAX_BYTES;
  const features = (): ChannelFeatures => ({
    maxMessageBytes: Math.max(FRAME_BYTES, maxBytes() - FRAME_BYTES),
    checksOffsets: false,
    seal: false,
    presenceLeaseMs,
    ...(messagesPerSecond !== Infinity && { operationsPerSecond: messagesPerSecond }),
  });
  return guardChannels({
    connection,
    channel(name) {
      const ablyName = namespace === '' ? name : `${namespace}:${name}`;
      const made = createAblyChannel({ client, name, ablyName, pace, features, maxBytes });
      opened.add(made);
      return made.channel;
    },
    async close() {
      await Promise.all([...opened].map((each) => each.close()));
      connection.close();
    },
  });
}

/** What the server has told when it connected; the client keeps it with its options. */
function statedBytes(client: Realtime): number | undefined {
  const options: unknown = Reflect.get(client, 'options');
  const stated = isRecord(options) ? options['maxMessageSize'] : undefined;
  return typeof stated === 'number' && stated > 0 ? stated : undefined;
}
