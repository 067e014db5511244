import type { Link, LinkEvents } from './link.ts';

/** What is used of a WebSocket; browsers' and that of `ws` have it. */
export interface WebSocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** Not a code that means leaving: a goodbye is a frame. */
const GIVEN_UP = 4000;

export function dialWebSocket(socket: WebSocketLike, { opened, received, closed }: LinkEvents): Link {
  socket.addEventListener('open', opened);
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') received(data);
  });
  // Every error is followed by a close, but for that one may have to wait for a dead peer.
  socket.addEventListener('error', closed);
  socket.addEventListener('close', closed);
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(GIVEN_UP),
  };
}
