import { isChannelError } from '@holdfast/channel';
import type {
  AnnotationSummary,
  Channel,
  ChannelErrorCode,
  Channels,
  Delivery,
  Message,
  Operation,
  Presence,
  PresenceEvent,
  Receipt,
} from '@holdfast/channel';

/** Replaces members of every channel. */
export function overChannel(change: (channel: Channel) => Partial<Channel>) {
  return <C extends Channels>(channels: C): C => {
    const made = new Map<string, Channel>();
    return {
      ...channels,
      channel(name: string) {
        const channel = channels.channel(name);
        const changed = made.get(name) ?? { ...channel, ...change(channel) };
        made.set(name, changed);
        return changed;
      },
    };
  };
}

type Publish = (operations: readonly Operation[]) => Promise<readonly Receipt[]>;

/** Takes over what is published, always as a list. */
export function overPublish(
  publish: (operations: readonly Operation[], next: Publish, channel: Channel) => Promise<readonly Receipt[]>,
) {
  return overChannel((channel) => ({
    publish: (operations, options) => {
      const single = !Array.isArray(operations);
      const list = (single ? [operations] : operations) as readonly Operation[];
      const next: Publish = (changed) => {
        const [only] = changed;
        return channel.publish(
          single && changed.length === 1 && only !== undefined ? only : changed,
          options,
        );
      };
      return publish(list, next, channel);
    },
  }));
}

/** Publishes something else instead. */
export function overOperation(change: (operation: Operation, channel: Channel) => Operation) {
  return overPublish((operations, next, channel) =>
    next(operations.map((operation) => change(operation, channel))),
  );
}

/** Accepts what should be refused with `code`, and does nothing, or something else. */
export function swallow(
  code: ChannelErrorCode,
  instead: (operation: Operation, next: Publish) => Promise<readonly Receipt[]> = pretend,
) {
  return overPublish(async (operations, next) => {
    try {
      return await next(operations);
    } catch (error) {
      if (!isChannelError(error) || error.code !== code) throw error;
      const [operation] = operations;
      if (operation === undefined) throw error;
      return instead(operation, next);
    }
  });
}

/** A receipt for nothing. */
export async function pretend(operation: Operation): Promise<readonly Receipt[]> {
  const serial = operation?.action === 'create' ? ('' as Receipt['serial']) : operation?.serial;
  return [{ serial, version: '' as Receipt['version'] }];
}

/** Takes over what is delivered to each listener. */
export function overDelivery(wrap: (listener: (delivery: Delivery) => void) => (delivery: Delivery) => void) {
  return overChannel((channel) => ({
    subscribe: (listener, options) => channel.subscribe(wrap(listener), options),
  }));
}

/** Changes messages wherever they show themselves. */
export function overMessage(change: (message: Message) => Message) {
  const delivered = overDelivery((listener) => (delivery) => {
    listener(delivery.kind === 'message' ? { ...delivery, message: change(delivery.message) } : delivery);
  });
  const listed = overHistory((messages) => messages.map(change));
  return <C extends Channels>(channels: C): C => listed(delivered(channels));
}

/** Changes summaries wherever they show themselves. */
export function overSummary(change: (summary: AnnotationSummary) => AnnotationSummary) {
  const whole = overMessage((message) =>
    message.annotations === undefined ? message : { ...message, annotations: change(message.annotations) },
  );
  const single = overDelivery((listener) => (delivery) => {
    listener(delivery.kind === 'annotations' ? { ...delivery, summary: change(delivery.summary) } : delivery);
  });
  return <C extends Channels>(channels: C): C => single(whole(channels));
}

/** Changes the pages of history. */
export function overHistory(change: (messages: readonly Message[]) => readonly Message[]) {
  return overChannel((channel) => ({
    history: async (query) => {
      const page = await channel.history(query);
      return { ...page, messages: change(page.messages) };
    },
  }));
}

export function overPresence(change: (presence: Presence) => Partial<Presence>) {
  return overChannel(({ presence }) => ({ presence: { ...presence, ...change(presence) } }));
}

/** Changes presence events; undefined drops one. */
export function overPresenceEvent(
  change: (event: PresenceEvent, index: number) => PresenceEvent | undefined,
) {
  return overPresence((presence) => ({
    subscribe: (listener) => {
      let index = 0;
      return presence.subscribe((event) => {
        const changed = change(event, index);
        index += 1;
        if (changed !== undefined) listener(changed);
      });
    },
  }));
}

/** The message with this serial, as it stands. */
export async function find(channel: Channel, serial: string): Promise<Message | undefined> {
  const { messages } = await channel.history({ limit: 1000 });
  return messages.find((message) => message.serial === serial);
}

/** Until everything that can run has run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
