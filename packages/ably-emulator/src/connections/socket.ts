import type { RawData, WebSocket } from 'ws';
import { Action } from '../protocol/actions.ts';
import { decodeFrame, encodeFrame, type Format } from '../protocol/format.ts';
import { parseFrame, type InboundFrame, type OutboundFrame } from '../protocol/frames.ts';
import type { Carrier } from './connection.ts';

export interface SocketOptions {
  readonly socket: WebSocket;
  readonly format: Format;
  /** Browsers don't see pings: they get frames. */
  readonly seesPings: boolean;
  readonly heartbeatMs: number;
  readonly receive: (frame: InboundFrame) => void;
  /** A frame that makes no sense. */
  readonly nonsense: (error: unknown) => void;
  readonly closed: () => void;
}

/** A web socket in one of the two formats, kept warm. */
export function carryOver(options: SocketOptions): Carrier {
  const { socket, format, seesPings, heartbeatMs } = options;
  const send = (frame: OutboundFrame): void => {
    if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame, format));
  };
  const heartbeat = setInterval(
    () => (seesPings ? socket.ping() : send({ action: Action.heartbeat })),
    heartbeatMs,
  );
  socket.on('message', (data) => {
    try {
      options.receive(parseFrame(decodeFrame(bytesOf(data), format)));
    } catch (error) {
      options.nonsense(error);
    }
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(heartbeat);
    options.closed();
  });
  return { send, cut: () => socket.terminate(), end: () => socket.close() };
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
