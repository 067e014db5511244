import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { createClient } from 'redis';
import type { RedisClient } from '../src/index.ts';

export interface TestClient {
  readonly client: RedisClient;
  close(): void;
}

/** Both libraries, and the oldest ioredis that is accepted; each connected, or rejecting where it can't be. */
export const LIBRARIES: Readonly<Record<string, (url: string) => Promise<TestClient>>> = {
  async redis(url) {
    const client = createClient({ url, socket: { reconnectStrategy: 50 } });
    client.on('error', () => {});
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  ioredis: async (url) => connectIoRedis(new Redis(url, { lazyConnect: true, retryStrategy: () => 50 })),
  'ioredis 5.9': async (url) =>
    connectIoRedis(new Redis5(url, { lazyConnect: true, retryStrategy: () => 50 })),
};

async function connectIoRedis(client: Redis | Redis5): Promise<TestClient> {
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.disconnect() };
}

export async function connect(library: string, url: string): Promise<TestClient> {
  const open = LIBRARIES[library];
  if (open === undefined) throw new TypeError(`There is no library ${library}.`);
  return open(url);
}
