import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Pipe, PipeEvents } from './pipe.ts';

/** What a browser closes with when the page is left. Other clients say goodbye in a frame. */
const GOING_AWAY = 1001;
const CLOSE_TIMEOUT_MS = 2000;

/** @param stream the connection under `socket` */
export function openWebSocketPipe(socket: WebSocket, stream: Duplex, events: PipeEvents): Pipe {
  let closedHere = false;
  socket.on('message', (data, isBinary) => {
    // Binary frames mean nothing here; the client that sends one is told so as for any other nonsense.
    events.received(isBinary || !Buffer.isBuffer(data) ? '' : data.toString());
  });
  stream.on('drain', () => events.drained());
  // An error is followed by a close.
  socket.on('error', () => {});
  socket.on('close', (code) => events.closed(!closedHere && code === GOING_AWAY));
  return {
    send(text) {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    get buffered() {
      return stream.writableLength;
    },
    close() {
      closedHere = true;
      socket.close(1000);
      // A dead peer never answers.
      setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref();
    },
    destroy() {
      closedHere = true;
      socket.terminate();
    },
  };
}
