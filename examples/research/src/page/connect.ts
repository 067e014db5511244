import { openSession, watchHealth, type HealthWatch, type Session } from '@holdfast/core';
import { createWebSocketChannels } from '@holdfast/websocket';

export interface Connected {
  readonly session: Session;
  readonly health: HealthWatch;
}

/** Opens the session that the address names. */
export function connect(address: URL): Connected {
  const name = address.searchParams.get('session') ?? 'research';
  const user = address.searchParams.get('user') ?? 'Ada';
  const channels = createWebSocketChannels({
    url: `${address.protocol === 'https:' ? 'wss' : 'ws'}://${address.host}/holdfast`,
    async token() {
      const response = await fetch(`/token?${new URLSearchParams({ session: name, user }).toString()}`);
      if (!response.ok) throw new Error(`The server gave no token: ${response.status}`);
      return response.text();
    },
  });
  const session = openSession({ channels, name });
  session.ready.then(
    () => session.enter({ device: 'laptop' }),
    (error: unknown) => console.error('The session could not be opened', error),
  );
  return { session, health: watchHealth(session) };
}
