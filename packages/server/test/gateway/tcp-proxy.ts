import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A stretch of network between a client and the gateway, to be broken. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that came down from the gateway. */
  readonly bytesDown: number;
  /** Kills what passes through. New connections fail until `restore`. */
  cut(): void;
  restore(): void;
  /** Lets nothing through any more on open connections, and doesn't say so: a dead peer. */
  freeze(): void;
  /** Stops reading from the gateway's side: a slow reader. Returns what goes on. */
  hold(): () => void;
  close(): Promise<void>;
}

export async function openTcpProxy(target: number): Promise<TcpProxy> {
  const open = new Set<readonly [client: Socket, gateway: Socket]>();
  let up = true;
  let bytesDown = 0;
  const server = createServer((client) => {
    if (!up) return client.destroy();
    const gateway = connect(target, '127.0.0.1');
    const pair = [client, gateway] as const;
    open.add(pair);
    const end = (): void => {
      open.delete(pair);
      client.destroy();
      gateway.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end).on('close', end);
    }
    gateway.on('data', (data) => (bytesDown += data.length));
    client.pipe(gateway);
    gateway.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const kill = (): void => {
    for (const pair of open) for (const socket of pair) socket.destroy();
  };
  return {
    port: address.port,
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
      for (const [client, gateway] of open) {
        client.unpipe(gateway);
        gateway.unpipe(client);
        client.resume();
        gateway.resume();
      }
    },
    hold() {
      const held = [...open];
      for (const [client, gateway] of held) {
        gateway.unpipe(client);
        gateway.pause();
      }
      return () => {
        for (const [client, gateway] of held) gateway.pipe(client);
      };
    },
    async close() {
      kill();
      server.close();
      await once(server, 'close');
    },
  };
}
