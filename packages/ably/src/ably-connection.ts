import type { Connection, ConnectionState } from '@holdfast/channel';
import type { ConnectionState as AblyState, ConnectionStateChange, ErrorInfo, Realtime } from 'ably';
import { toChannelError } from './errors.ts';
import { ownClientId } from './publishing/owned.ts';

export interface AblyConnection extends Connection {
  /** These channels are closed, whatever the client does. */
  close(): void;
}

export function createConnection(client: Realtime): AblyConnection {
  const listeners = new Set<(state: ConnectionState) => void>();
  let state = stateOf(client.connection.state, client.connection.errorReason);

  const tell = (next: ConnectionState): void => {
    if (next.status === state.status) return;
    state = next;
    for (const listener of listeners) listener(state);
  };
  const change = ({ current, reason }: ConnectionStateChange): void => tell(stateOf(current, reason ?? null));
  client.connection.on(change);

  return {
    get state() {
      return state;
    },
    get clientId() {
      return ownClientId(client) ?? undefined;
    },
    subscribe(listener) {
      const each = (next: ConnectionState): void => listener(next);
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    close() {
      client.connection.off(change);
      tell({ status: 'closed' });
    },
  };
}

function stateOf(state: AblyState, error: ErrorInfo | null | undefined): ConnectionState {
  const reason = error == null ? {} : { reason: toChannelError(error) };
  switch (state) {
    case 'initialized':
    case 'connecting':
      return { status: 'connecting' };
    case 'connected':
      return { status: 'connected' };
    case 'disconnected':
    case 'suspended':
      return { status: 'disconnected', ...reason };
    case 'closing':
    case 'closed':
      return { status: 'closed' };
    case 'failed':
      return { status: 'closed', ...reason };
  }
}
