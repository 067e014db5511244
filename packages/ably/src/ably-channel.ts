import { ChannelError } from '@holdfast/channel';
import type { Channel, ChannelFeatures } from '@holdfast/channel';
import type { Realtime } from 'ably';
import { mapped, toPublishError } from './errors.ts';
import { createPresence } from './presence.ts';
import type { Pace } from './publishing/pace.ts';
import { createSendQueue } from './publishing/send-queue.ts';
import { createSender } from './publishing/sender.ts';
import { listAnnotations } from './reading/annotation-list.ts';
import { createHistory } from './reading/history.ts';
import { openStream } from './reading/stream.ts';
import { encodeDraft } from './wire/message.ts';

export interface AblyChannelOptions {
  readonly client: Realtime;
  readonly name: string;
  /** The channel's name at Ably. */
  readonly ablyName: string;
  readonly pace: Pace;
  readonly features: () => ChannelFeatures;
  readonly maxBytes: () => number;
}

export interface ClosableChannel {
  readonly channel: Channel;
  close(): Promise<void>;
}

export function createAblyChannel(options: AblyChannelOptions): ClosableChannel {
  const { client, name, pace, features, maxBytes } = options;
  const stream = openStream(client, options.ablyName);
  const presence = createPresence(client, stream);
  const sender = createSender({ client, stream, maxBytes });
  const queue = createSendQueue({
    admit: (count) => pace.take(count),
    send: (sending) => sender.send(sending),
  });
  const history = createHistory(stream);

  const channel: Channel = {
    name,
    get features() {
      return features();
    },
    presence,
    publish: (operations) => queue.publish('action' in operations ? [operations] : operations),
    async signal(draft) {
      const { state } = client.connection;
      if (state === 'disconnected' || state === 'suspended')
        throw new ChannelError('unavailable', 'Signals are not kept for a connection that is away.');
      await pace.take(1);
      const { extras, ...rest } = encodeDraft(draft);
      try {
        await stream.ably.publish({ ...rest, extras: { ...extras, ephemeral: true } });
      } catch (error) {
        throw toPublishError(error);
      }
    },
    subscribe: (listener, from = {}) => stream.subscribe(listener, from),
    history: (query = {}) => mapped(history(query)),
    annotations: (serial, query = {}) => listAnnotations(stream.ably, serial, query),
  };

  return {
    channel,
    async close() {
      queue.fail(new ChannelError('closed', 'These channels were closed.'));
      await presence.close();
      await stream.close();
    },
  };
}
