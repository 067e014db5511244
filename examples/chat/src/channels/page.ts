import type { Channels } from '@holdfast/channel';
import { createWebSocketChannels } from '@holdfast/websocket';
import type { SwitchableNetwork } from '../page/network.ts';

/** The page's channels: over Ably where the page was served for it, else over the gateway behind the page's own address. */
export async function openPageChannels(
  address: URL,
  token: () => Promise<string>,
  network: SwitchableNetwork,
): Promise<Channels> {
  const ably = import.meta.env.VITE_ABLY;
  if (ably !== undefined) {
    // The Ably client takes the page's WebSocket, as it is when its code is loaded.
    Object.assign(globalThis, { WebSocket: network.WebSocket });
    const { openPageChannelsOverAbly } = await import('./page-ably.ts');
    return openPageChannelsOverAbly(ably, token);
  }
  return createWebSocketChannels({
    url: `${address.protocol === 'https:' ? 'wss' : 'ws'}://${address.host}/holdfast`,
    token,
    WebSocket: network.WebSocket,
  });
}
