import { ChannelError, guardRemoteChannels } from '@holdfast/channel';
import type { Channel, Channels } from '@holdfast/channel';
import type { WebSocketChannelsOptions } from './options.ts';
import { createPresence } from './presence.ts';
import { createPublishQueue } from './publish-queue.ts';
import { createRequests, type Requests } from './requests.ts';
import { createStanding } from './wire.ts';

/**
 * Channels over a Holdfast gateway. Connects at the first call on a channel, and again whenever the connection breaks:
 * subscriptions go on from where they stand, publishes without an answer are sent again in their order and take effect once,
 * presence is entered again.
 *
 * When the gateway refuses this client for good, `connection.state` is `closed` with the reason: `unauthenticated` for a
 * token that is missing, forged or (if fixed) expired, `forbidden` where it is for another client than before,
 * `unsupported` for another version of the protocol.
 *
 * @throws TypeError for options that can't be right
 */
export function createWebSocketChannels(options: WebSocketChannelsOptions): Channels {
  const requests = createRequests(options);
  const { connection } = requests;
  return guardRemoteChannels({
    connection,
    channel: (name) => openChannel(name, requests),
    close: () => connection.close(),
  });
}

function openChannel(name: string, { ask, open, connection }: Requests): Channel {
  const publish = createPublishQueue(async (operations) => {
    const [, , receipts] = await ask(name, 'receipts', (id, alias) => ['publish', id, alias, operations]);
    return receipts.map(([serial, version]) => ({ serial, version }));
  });
  return {
    name,
    get features() {
      return connection.features;
    },
    presence: createPresence(name, { ask, open }),
    publish: (operations) => publish([operations].flat()),
    async signal(draft) {
      if (connection.state.status === 'disconnected')
        throw new ChannelError('unavailable', 'Signals are not kept for a connection that is away.');
      await ask(name, 'done', (id, alias) => ['signal', id, alias, draft], 'once');
    },
    async subscribe(listener, options) {
      const standing = createStanding(options);
      const { answer, closed, close } = await open(
        name,
        'started',
        (id, alias) => {
          const { known = [], ...from } = standing.resume();
          return ['subscribe', id, alias, { ...from, known: [...known] }];
        },
        {
          delivered(delivery) {
            standing.take(delivery);
            listener(delivery);
          },
        },
      );
      const [, , start] = answer;
      standing.begin(start);
      return { start, closed, close };
    },
    async history(query = {}) {
      const [, , page] = await ask(name, 'page', (id, alias) => ['history', id, alias, query]);
      return page;
    },
    async annotations(serial, query = {}) {
      const [, , page] = await ask(name, 'annotations', (id, alias) => [
        'annotations',
        id,
        alias,
        serial,
        query,
      ]);
      return page;
    },
  };
}
