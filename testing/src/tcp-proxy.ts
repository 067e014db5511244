import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform, type Readable } from 'node:stream';

/** A stretch of network between a client and a server, to be broken. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that came down from the server. */
  readonly bytesDown: number;
  /** Kills what passes through. New connections fail until `restore`. */
  cut(): void;
  restore(): void;
  /** Lets nothing through any more on open connections, and tells neither end, not even that the other one is gone. */
  freeze(): void;
  /** Stops reading from the server's side: a slow reader. Returns what goes on. */
  hold(): () => void;
  /** Keeps back what passes either way, and new connections too. Returns what lets it all through, late. */
  stall(): () => void;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** Made for each connection: what it lets through of the bytes that come down. */
  readonly filter?: () => (bytes: Buffer) => Buffer;
}

/** One connection's two halves. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** The server's side, filtered. */
  readonly down: Readable;
  frozen: boolean;
}

export async function openTcpProxy(target: number, { filter }: TcpProxyOptions = {}): Promise<TcpProxy> {
  const open = new Set<Pair>();
  let up = true;
  let bytesDown = 0;
  /** What begins when the network goes on. */
  let stalled: (() => void)[] | undefined;

  const join = (client: Socket): void => {
    const server = connect(target, '127.0.0.1');
    const down = filter === undefined ? server : server.pipe(sieve(filter()));
    const pair: Pair = { client, server, down, frozen: false };
    open.add(pair);
    const end = (): void => {
      // Its ends don't hear of each other any more.
      if (pair.frozen && !(client.destroyed && server.destroyed)) return;
      open.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', end).on('close', end);
    }
    server.on('data', (data) => (bytesDown += data.length));
    flow(pair);
  };

  const listener = createServer((client) => {
    if (!up) return client.destroy();
    if (stalled === undefined) return join(client);
    client.on('error', () => {});
    stalled.push(() => {
      if (!client.destroyed) join(client);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const goOn = (): void => {
    if (stalled === undefined) return;
    const waiting = stalled;
    stalled = undefined;
    for (const pair of open) if (!pair.frozen) flow(pair);
    for (const begin of waiting) begin();
  };
  const kill = (): void => {
    for (const pair of open) for (const socket of [pair.client, pair.server]) socket.destroy();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    get bytesDown() {
      return bytesDown;
    },
    cut() {
      up = false;
      kill();
    },
    restore() {
      up = true;
    },
    freeze() {
      for (const pair of open) {
        pair.frozen = true;
        for (const socket of [pair.client, pair.server]) socket.unpipe().resume();
      }
    },
    hold() {
      const held = [...open];
      for (const { client, down } of held) down.unpipe(client);
      return () => {
        for (const { client, down } of held) down.pipe(client);
      };
    },
    stall() {
      stalled ??= [];
      for (const { client, server, down } of open) {
        client.unpipe(server);
        down.unpipe(client);
      }
      return goOn;
    },
    async close() {
      goOn();
      kill();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** A filter that lets everything through, and tells of it. */
export function overhear(listener: (bytes: Buffer) => void): (bytes: Buffer) => Buffer {
  return (bytes) => {
    listener(bytes);
    return bytes;
  };
}

function flow({ client, server, down }: Pair): void {
  client.pipe(server);
  down.pipe(client);
}

function sieve(pass: (bytes: Buffer) => Buffer): Transform {
  return new Transform({
    transform(bytes: Buffer, _, done) {
      done(undefined, pass(bytes));
    },
  });
}
