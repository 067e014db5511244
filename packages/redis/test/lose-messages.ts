import type { IoRedisClient, NodeRedisClient, RedisClient } from '../src/index.ts';

/** Every so many published messages are lost, once losing has begun, until so many were. */
const EVERY = 3;
const BURST = 5;

/** A subscriber to which published messages can get lost on the way, as pub/sub may. */
export interface Losing<C extends RedisClient = RedisClient> {
  readonly client: C;
  readonly lost: number;
  /** Loses the next few. */
  lose(): void;
}

export function loseMessages(client: RedisClient): Losing {
  let heard = 0;
  let lost = 0;
  let toLose = 0;
  const passes = (): boolean => {
    heard += 1;
    if (toLose === 0 || heard % EVERY !== 0) return true;
    toLose -= 1;
    lost += 1;
    return false;
  };
  return {
    client: 'evalSha' in client ? loseNodeRedis(client, passes) : loseIoRedis(client, passes),
    get lost() {
      return lost;
    },
    lose() {
      toLose = BURST;
    },
  };
}

function loseNodeRedis(client: NodeRedisClient, passes: () => boolean): NodeRedisClient {
  return Object.assign(Object.create(client) as NodeRedisClient, {
    sSubscribe: (channel: string, listener: (message: string, channel: string) => unknown) =>
      client.sSubscribe(channel, (message, from) => (passes() ? listener(message, from) : undefined)),
    sUnsubscribe: (channel: string) => client.sUnsubscribe(channel),
    on: (event: string, listener: (...details: unknown[]) => void) => client.on(event, listener),
    off: (event: string, listener: (...details: unknown[]) => void) => client.off(event, listener),
  });
}

function loseIoRedis(client: IoRedisClient, passes: () => boolean): IoRedisClient {
  return Object.assign(Object.create(client) as IoRedisClient, {
    ssubscribe: (channel: string) => client.ssubscribe(channel),
    sunsubscribe: (channel: string) => client.sunsubscribe(channel),
    on: (event: string, listener: (...details: unknown[]) => void) =>
      client.on(
        event,
        event === 'smessage' ? (...details) => (passes() ? listener(...details) : undefined) : listener,
      ),
    off: (event: string, listener: (...details: unknown[]) => void) => client.off(event, listener),
  });
}
