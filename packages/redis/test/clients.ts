import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { createClient } from 'redis';
import type { RedisClient } from '../src/index.ts';

export interface TestClient {
  readonly client: RedisClient;
  readonly connect: () => Promise<unknown>;
  readonly close: () => void;
}

/** Both libraries, and the oldest ioredis that is accepted. */
export const LIBRARIES: Readonly<Record<string, (url: string) => TestClient>> = {
  redis(url) {
    const client = createClient({ url, socket: { reconnectStrategy: 50 } });
    client.on('error', () => {});
    return { client, connect: () => client.connect(), close: () => client.destroy() };
  },
  ioredis: (url) => useIoRedis(new Redis(url, { lazyConnect: true, retryStrategy: () => 50 })),
  'ioredis 5.9': (url) => useIoRedis(new Redis5(url, { lazyConnect: true, retryStrategy: () => 50 })),
};

function useIoRedis(client: Redis | Redis5): TestClient {
  client.on('error', () => {});
  return { client, connect: () => client.connect(), close: () => client.disconnect() };
}

/** A client that is on its way to where it may never come. */
export function unconnected(library: string, url: string): TestClient {
  const open = LIBRARIES[library];
  if (open === undefined) throw new TypeError(`There is no library ${library}.`);
  const opened = open(url);
  opened.connect().catch(() => {});
  return opened;
}

export async function connect(library: string, url: string): Promise<TestClient> {
  const open = LIBRARIES[library];
  if (open === undefined) throw new TypeError(`There is no library ${library}.`);
  const opened = open(url);
  await opened.connect();
  return opened;
}
