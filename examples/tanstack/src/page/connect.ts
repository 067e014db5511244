import { openSession, watchHealth, type HealthWatch, type Session } from '@holdfast/core';
import { createSwitchableNetwork, type SwitchableNetwork } from '@holdfast/example-chat/page/network';
import { createConnection, type Connection } from '@holdfast/tanstack-ai';
import { createWebSocketChannels } from '@holdfast/websocket';

export interface Connected {
  readonly session: Session;
  readonly connection: Connection;
  readonly health: HealthWatch;
  readonly network: SwitchableNetwork;
  /** It is one of several devices on a page, and says so. */
  readonly phone: boolean;
}

/** Opens the session that the address names, for a genuine TanStack AI chat. */
export function connect(address: URL): Connected {
  const name = address.searchParams.get('session') ?? 'demo';
  const phone = address.searchParams.get('device') === 'phone';
  const user = address.searchParams.get('user') ?? 'Ada';
  const network = createSwitchableNetwork();
  const channels = createWebSocketChannels({
    url: `${address.protocol === 'https:' ? 'wss' : 'ws'}://${address.host}/holdfast`,
    token: () => fetchToken(name, user),
    WebSocket: network.WebSocket,
  });
  const session = openSession({ channels, name });
  session.ready.then(
    () => session.enter({ device: phone ? 'phone' : 'laptop' }),
    (error: unknown) => console.error('The session could not be opened', error),
  );
  return { session, connection: createConnection(session), health: watchHealth(session), network, phone };
}

async function fetchToken(session: string, user: string): Promise<string> {
  const response = await fetch(`/token?${new URLSearchParams({ session, user }).toString()}`);
  if (!response.ok) throw new Error(`The server gave no token: ${response.status} ${response.statusText}`);
  return response.text();
}
