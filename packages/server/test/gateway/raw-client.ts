import { WIRE_VERSION } from '@holdfast/websocket/wire';
import { once } from 'node:events';
import WebSocket from 'ws';
import { atEnd } from './open-gateway.ts';

/** A client that says whatever it likes. */
export interface RawClient {
  /** Everything that came, parsed. */
  readonly frames: readonly (readonly unknown[])[];
  send(frame: unknown): void;
  sendText(text: string): void;
  sendBytes(bytes: Uint8Array): void;
  close(code: number): void;
  /** Resolves with the next frame with this verb, and this id where one is given. */
  next(verb: string, id?: number): Promise<readonly unknown[]>;
  /** The close code. */
  readonly closed: Promise<number>;
}

export const KEY = 'a key for tests only';

export async function openRawClient(url: string): Promise<RawClient> {
  const socket = new WebSocket(url);
  const frames: (readonly unknown[])[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as readonly unknown[]);
    for (const each of waiting) each();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  atEnd(async () => socket.terminate());
  await once(socket, 'open');
  let taken = 0;
  return {
    frames,
    closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendText: (text) => socket.send(text),
    sendBytes: (bytes) => socket.send(bytes),
    close: (code) => socket.close(code),
    next(verb, id) {
      return new Promise((resolve) => {
        const look = (): void => {
          for (let index = taken; index < frames.length; index += 1) {
            const frame = frames[index];
            if (frame?.[0] !== verb || (id !== undefined && frame[1] !== id)) continue;
            taken = index + 1;
            waiting.delete(look);
            return resolve(frame);
          }
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** One that has said hello and was let in. */
export async function openAdmitted(url: string, token: string, rollupMs = 0): Promise<RawClient> {
  const client = await openRawClient(url);
  client.send(['hello', WIRE_VERSION, { key: KEY, token, rollupMs }]);
  await client.next('welcome');
  client.send(['channel', 0, 'c']);
  return client;
}
