import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { RedisClient } from '@holdfast/redis';

export { startRedis } from '@holdfast/testing/redis-server';

export const LIBRARIES = ['redis', 'ioredis'] as const;

/** One client, and a connection that subscribes for scripts that know no engine. */
export interface Connection {
  readonly client: RedisClient;
  readonly evalSha: (sha: string, keys: string[], values: string[]) => Promise<unknown>;
  readonly eval: (source: string, keys: string[], values: string[]) => Promise<unknown>;
  readonly info: () => Promise<string>;
  readonly cpu: () => Promise<string>;
  readonly subscribe: (channel: string, heard: () => void) => Promise<unknown>;
  readonly close: () => void;
}

export function open(library: (typeof LIBRARIES)[number], url: string): Promise<Connection> {
  return library === 'redis' ? openNodeRedis(url) : openIoRedis(url);
}

async function openNodeRedis(url: string): Promise<Connection> {
  const client = createClient({ url });
  const subscriber = client.duplicate();
  await Promise.all([client.connect(), subscriber.connect()]);
  return {
    client,
    evalSha: (sha, keys, values) => client.evalSha(sha, { keys, arguments: values }),
    eval: (source, keys, values) => client.eval(source, { keys, arguments: values }),
    info: () => client.info('replication'),
    cpu: () => client.info('cpu'),
    subscribe: (channel, heard) => subscriber.sSubscribe(channel, heard),
    close() {
      client.destroy();
      subscriber.destroy();
    },
  };
}

async function openIoRedis(url: string): Promise<Connection> {
  const client = new Redis(url);
  const subscriber = client.duplicate();
  return {
    client,
    evalSha: (sha, keys, values) => client.evalsha(sha, keys.length, ...keys, ...values),
    eval: (source, keys, values) => client.eval(source, keys.length, ...keys, ...values),
    info: () => client.info('replication'),
    cpu: () => client.info('cpu'),
    subscribe(channel, heard) {
      if (subscriber.listenerCount('smessage') === 0) subscriber.on('smessage', heard);
      return subscriber.ssubscribe(channel);
    },
    close() {
      client.disconnect();
      subscriber.disconnect();
    },
  };
}
