import type { Channels } from '@holdfast/channel';

/** Channels on which a process that hangs gets nothing out any more, while it stays connected. */
export function muted(channels: Channels, isHung: () => boolean): Channels {
  const never = (): Promise<never> => new Promise(() => {});
  return {
    ...channels,
    get connection() {
      return channels.connection;
    },
    channel(name) {
      const channel = channels.channel(name);
      return {
        ...channel,
        get features() {
          return channel.features;
        },
        signal: (draft) => (isHung() ? never() : channel.signal(draft)),
        publish: (operations) => (isHung() ? never() : channel.publish(operations)),
      };
    },
  };
}
