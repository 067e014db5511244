import { createAblyChannels } from '@holdfast/ably';
import type { Channels } from '@holdfast/channel';
import { openAblyClient } from './ably-client.ts';

/** `emulator` is its host and port, or empty for Ably's service. */
export function openPageChannelsOverAbly(emulator: string, token: () => Promise<string>): Channels {
  return createAblyChannels({ client: openAblyClient(emulator || undefined, token) });
}
