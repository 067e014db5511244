/** This tab's network with a switch: while it is cut, open sockets die and new ones fail, as on a train in a tunnel. */
export interface SwitchableNetwork {
  readonly WebSocket: typeof WebSocket;
  readonly connected: boolean;
  set(connected: boolean): void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createSwitchableNetwork(): SwitchableNetwork {
  const open = new Set<WebSocket>();
  const listeners = new Set<() => void>();
  let connected = true;

  class SwitchableWebSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      // A port that nothing listens on fails the way a dead network does.
      super(connected ? url : 'ws://127.0.0.1:9', protocols);
      open.add(this);
      this.addEventListener('close', () => open.delete(this));
    }
  }

  return {
    WebSocket: SwitchableWebSocket,
    get connected() {
      return connected;
    },
    set(next) {
      connected = next;
      if (!next) for (const socket of open) socket.close();
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
