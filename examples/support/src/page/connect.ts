import type { Channels } from '@holdfast/channel';
import { createWebSocketChannels } from '@holdfast/websocket';

/** This page's connection, as the person whom the address names. */
export function connect(as: string): Channels {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return createWebSocketChannels({
    url: `${scheme}://${location.host}/holdfast`,
    token: () => fetchToken(as),
  });
}

async function fetchToken(as: string): Promise<string> {
  const response = await fetch(`/token?${new URLSearchParams({ as }).toString()}`);
  if (!response.ok) throw new Error(`The server gave no token: ${response.status} ${response.statusText}`);
  return response.text();
}
