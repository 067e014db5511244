import type { Channel, Channels } from '@holdfast/channel';
import { createEngineChannels, decodePosition, type Engine } from '@holdfast/channel/engine';
import type { App } from '../auth/apps.ts';
import { refusal } from '../protocol/errors.ts';
import { createChannelLog, type ChannelLog } from './channel-log.ts';

/** One app's channel: what clients write to it, and how to follow it. */
export interface HubChannel {
  readonly key: string;
  readonly log: ChannelLog;
  readonly follow: Channel;
}

export interface ChannelHub {
  readonly engine: Engine;
  /** The epoch of the engine's positions: what serials that are issued now bear. */
  readonly series: string;
  /** @throws AblyError 40010 */
  channel(app: App, name: string): HubChannel;
  close(): Promise<void>;
}

export async function openChannelHub(engine: Engine, messageBytes: number): Promise<ChannelHub> {
  const readers: Channels = createEngineChannels(engine);
  const opened = new Map<string, HubChannel>();
  const tail = await engine.tail('', () => {});
  tail.close();
  const series = decodePosition(tail.head)?.epoch ?? 'none';
  return {
    engine,
    series,
    channel(app, name) {
      if (name === '' || name.startsWith(':') || /^\[[^\]]*\]$|\p{Cc}/u.test(name))
        throw refusal('invalidChannel', `${JSON.stringify(name)} is no channel name.`);
      const key = `${app.id}/${name}`;
      const isMutable = app.isMutable(name);
      const channel = opened.get(key) ?? {
        key,
        log: createChannelLog({ engine, key, name, isMutable, series, messageBytes }),
        follow: readers.channel(key),
      };
      opened.set(key, channel);
      return channel;
    },
    close: () => readers.close(),
  };
}
