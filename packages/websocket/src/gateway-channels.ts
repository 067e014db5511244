import { ChannelError, guardRemoteChannels } from '@holdfast/channel';
import type { Channel, Channels } from '@holdfast/channel';
import { createCalls } from './calls.ts';
import { createClientPresence } from './client-presence.ts';
import { createClientSubscriptions } from './client-subscriptions.ts';
import { createGatewayConnection, type GatewayConnectionOptions } from './connection.ts';
import { guarded } from './guarded.ts';
import { createPublishQueue, type PublishQueue } from './publish-queue.ts';
import { createSustained } from './sustained.ts';
import { createDeliveryDecoder, decodeError, type DeliveryFrame } from './wire.ts';
import type { SharedFrame } from './attempt.ts';

/** Channels over a connection to the gateway. */
export function createGatewayChannels(options: GatewayConnectionOptions): Channels {
  const queues = new Set<PublishQueue>();
  let decoder = createDeliveryDecoder();

  const connection = createGatewayConnection(options, {
    connected() {
      decoder = createDeliveryDecoder();
      calls.connected();
      sustained.reopen();
      calls.resend();
    },
    received: (frame) => receive(frame),
    givenUp(error) {
      calls.fail(error);
      for (const queue of queues) queue.fail(error);
    },
    closed(reason) {
      const error = reason ?? new ChannelError('closed', 'These channels were closed.');
      for (const queue of queues) queue.fail(error);
      calls.fail(error);
      sustained.end(reason);
    },
  });
  const calls = createCalls(connection);
  const sustained = createSustained(calls, options.random);
  const subscriptions = createClientSubscriptions(sustained);
  const presence = createClientPresence(calls, sustained);

  const deliver = (frame: DeliveryFrame): void => {
    const decoded = decoder.decode(frame);
    if (decoded === undefined)
      return connection.reset('The gateway sent a frame that does not fit the ones before it.');
    const { subscription, delivery } = decoded;
    if (delivery !== undefined) guarded(() => subscriptions.received(subscription, delivery));
  };

  const receive = (frame: SharedFrame): void => {
    switch (frame[0]) {
      case 'receipts':
      case 'done':
      case 'started':
      case 'page':
      case 'annotations':
      case 'members':
        return void calls.settle(frame);
      case 'refused':
        if (!calls.settle(frame)) sustained.failed(frame[1], decodeError(frame[2]));
        return;
      case 'ended':
        return sustained.failed(frame[1], decodeError(frame[2]));
      case 'p':
        return guarded(() => presence.received(frame[1], frame[2]));
      case 'm':
      case 'i':
      case 'a':
      case 'n':
      case 's':
      case 'g':
        return deliver(frame);
    }
  };

  const openChannel = (name: string): Channel => {
    const queue = createPublishQueue(async (operations) => {
      const [, , receipts] = await calls.ask('receipts', name, (id, alias) => [
        'publish',
        id,
        alias,
        operations,
      ]);
      return receipts.map(([serial, version]) => ({ serial, version }));
    });
    queues.add(queue);
    return {
      name,
      get features() {
        return connection.features;
      },
      presence: presence.of(name),
      publish: (operations) => queue.publish('action' in operations ? [operations] : operations),
      async signal(draft) {
        if (connection.state.status === 'disconnected')
          throw new ChannelError('unavailable', 'Signals are not kept for a connection that is away.');
        await calls.ask('done', name, (id, alias) => ['signal', id, alias, draft], 'once');
      },
      subscribe: (listener, from = {}) => subscriptions.open(name, listener, from),
      async history(query = {}) {
        const [, , messages, next] = await calls.ask('page', name, (id, alias) => [
          'history',
          id,
          alias,
          query,
        ]);
        return next === undefined ? { messages } : { messages, next };
      },
      async annotations(serial, query = {}) {
        const [, , annotations, next] = await calls.ask('annotations', name, (id, alias) => [
          'annotations',
          id,
          alias,
          serial,
          query,
        ]);
        return next === undefined ? { annotations } : { annotations, next };
      },
    };
  };

  return guardRemoteChannels({ connection, channel: openChannel, close: () => connection.close() });
}
