import {
  followChannel,
  type Channel,
  type FollowEvent,
  type Following,
  type Message,
  type Serial,
} from '@holdfast/channel';
import {
  describeAnnotations,
  describeAppend,
  describeGap,
  describeMessage,
  describeSignal,
  type DescribeOptions,
} from './describe.ts';

export interface SessionTailOptions extends DescribeOptions {
  readonly print: (line: string) => void;
}

/** Prints what is on a channel, the newest page of history first, then everything that happens. */
export function tailSession(channel: Channel, { print, ...how }: SessionTailOptions): Following {
  const known = new Map<Serial, Message>();

  const show = (message: Message): void => {
    const before = known.get(message.serial);
    if (before !== undefined && message.version <= before.version) return;
    known.set(message.serial, message);
    const { data } = message;
    const grown =
      typeof before?.data === 'string' && typeof data === 'string' && data.startsWith(before.data)
        ? data.slice(before.data.length)
        : undefined;
    if (grown === undefined || message.deleted === true) print(describeMessage(message, how));
    else if (grown !== '') print(describeAppend(grown, how));
  };

  const receive = (event: FollowEvent): void => {
    switch (event.kind) {
      case 'page':
        for (const message of event.messages.toReversed()) show(message);
        return;
      case 'signal':
        return print(describeSignal(event.signal, how));
      case 'gap':
        return print(describeGap());
      case 'live':
        return;
      case 'delivery': {
        const { delivery } = event;
        if (delivery.kind === 'message') return show(delivery.message);
        const message = known.get(delivery.serial);
        if (delivery.kind === 'annotations')
          return print(describeAnnotations(delivery.serial, delivery.summary));
        if (message === undefined || typeof message.data !== 'string') return following.repair();
        const { version, offset } = delivery;
        return show({ ...message, version, data: message.data.slice(0, offset) + delivery.data });
      }
    }
  };

  const following = followChannel(channel, receive);
  return following;
}
