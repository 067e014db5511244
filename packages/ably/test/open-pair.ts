import { serveAbly, type AblyEmulator, type AblyEmulatorOptions } from '@holdfast/ably-emulator';
import type { Channel, Channels } from '@holdfast/channel';
import type { ClientOptions, Realtime } from 'ably';
import { createAblyChannels, type AblyChannelsOptions } from '../src/index.ts';
import { openClient } from './ably-backend.ts';

export interface Party {
  readonly client: Realtime;
  readonly channels: Channels;
  readonly channel: Channel;
}

export interface Stage {
  readonly emulator: AblyEmulator;
  join(clientId: string, options?: ClientOptions, channels?: Partial<AblyChannelsOptions>): Promise<Party>;
  close(): Promise<void>;
}

/** An emulator, and whoever joins the channel `room`. */
export async function openStage(options: AblyEmulatorOptions = {}): Promise<Stage> {
  const emulator = await serveAbly(options);
  const parties: Party[] = [];
  return {
    emulator,
    async join(clientId, clientOptions = {}, channelsOptions = {}) {
      const client = await openClient(emulator, clientOptions, clientId);
      const channels = createAblyChannels({ client, messagesPerSecond: Infinity, ...channelsOptions });
      const party = { client, channels, channel: channels.channel('room') };
      parties.push(party);
      return party;
    },
    async close() {
      await Promise.all(parties.map(({ channels }) => channels.close()));
      for (const { client } of parties) client.close();
      await emulator.close();
    },
  };
}
