import type { Channels, ConnectionState } from '../contract.ts';
import { guardChannels } from '../guard.ts';
import { createRandomId } from '../random-id.ts';
import type { Claims } from '../message.ts';
import { createEngineChannel } from './engine-channel.ts';
import { createEnginePresence } from './engine-presence.ts';
import type { Engine } from './port.ts';

export interface EngineChannelsOptions {
  /** Who publishes through these channels, as somebody has verified. Absent: anonymous. */
  readonly clientId?: string;
  readonly claims?: Claims;
  /** Default random. Names this connection in presence, and owns what an anonymous one creates. */
  readonly connectionId?: string;
}

/**
 * One connection's channels straight over an engine, in the engine's process. Closing them leaves the engine open. All
 * that an engine need not do is here: arguments, whole-first delivery, catching up, presence that is kept alive.
 */
export function createEngineChannels(engine: Engine, options: EngineChannelsOptions = {}): Channels {
  const { connectionId = createRandomId(), ...author } = options;
  const publisher = { ...author, connectionId };
  const presence = createEnginePresence(engine, publisher);
  const endings = new Set<() => void>();
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { status: 'connected' };
  return guardChannels({
    channel: (name) => createEngineChannel({ engine, name, publisher, presence: presence.of(name), endings }),
    connection: {
      get state() {
        return state;
      },
      clientId: author.clientId,
      subscribe(listener) {
        const each = (next: ConnectionState): void => listener(next);
        listeners.add(each);
        return () => void listeners.delete(each);
      },
    },
    async close() {
      state = { status: 'closed' };
      for (const end of endings) end();
      await presence.close();
      for (const listener of listeners) listener(state);
    },
  });
}
