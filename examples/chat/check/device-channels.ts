import { createAblyChannels } from '@holdfast/ably';
import type { Channels } from '@holdfast/channel';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { createWebSocketChannels, type WebSocketChannelsOptions } from '@holdfast/websocket';
import WebSocket from 'ws';
import { ablyAddress } from '../src/channels/ably-address.ts';
import { openAblyClient } from '../src/channels/ably-client.ts';
import type { Setting } from '../src/channels/setting.ts';

/** A device's channels over a network that can be cut. */
export interface DeviceChannels {
  readonly channels: Channels;
  /** Kills the sockets without a goodbye; returns how many were open. */
  cut(): number;
  close(): Promise<void>;
}

export async function openDeviceChannels(setting: Setting, session: string): Promise<DeviceChannels> {
  const { backend, emulator } = setting;
  return emulator === undefined
    ? openGatewayChannels({ gateway: backend, session })
    : overAbly(emulator, askForToken(backend, session));
}

/** Asks the example's back end, as the page does. */
function askForToken(backend: string, session: string): () => Promise<string> {
  return async () => {
    const response = await fetch(`${backend}/token?session=${session}&user=ada`);
    // Whatever stands here instead would be taken for a bad token, which trying again can't mend.
    if (!response.ok) throw new Error(`The server gave no token: ${response.status}`);
    return response.text();
  };
}

export interface GatewayChannelsOptions {
  /** The gateway's origin, with http. */
  readonly gateway: string;
  readonly session: string;
  readonly transport?: NonNullable<WebSocketChannelsOptions['transport']>;
}

export function openGatewayChannels({
  gateway,
  session,
  transport = 'auto',
}: GatewayChannelsOptions): DeviceChannels {
  const open = new Set<WebSocket>();
  class CuttableWebSocket extends WebSocket {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters);
      open.add(this);
      this.on('close', () => open.delete(this));
    }
  }
  const channels = createWebSocketChannels({
    url: `${gateway.replace('http', 'ws')}/holdfast`,
    token: askForToken(gateway, session),
    WebSocket: CuttableWebSocket,
    transport,
    // Cut so often, the waits would grow until the answer is over.
    backoff: { maxMs: 500 },
  });
  return {
    channels,
    cut() {
      const hit = [...open].filter(({ readyState }) => readyState === WebSocket.OPEN).length;
      for (const socket of open) socket.terminate();
      return hit;
    },
    close: () => channels.close(),
  };
}

/** The Ably client makes its sockets itself, so that each device has a stretch of network of its own. */
async function overAbly(emulator: string, token: () => Promise<string>): Promise<DeviceChannels> {
  const { endpoint = '', port = 0 } = ablyAddress(emulator);
  const network = await openTcpProxy(port);
  // Broken connections are what this is about; the client would print each.
  const client = openAblyClient(`${endpoint}:${network.port}`, token, { logLevel: 0 });
  const channels = createAblyChannels({ client });
  return {
    channels,
    cut() {
      const hit = client.connection.state === 'connected' ? 1 : 0;
      network.cut();
      network.restore();
      return hit;
    },
    async close() {
      await channels.close();
      client.close();
      await network.close();
    },
  };
}
