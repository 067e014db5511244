import type { HotEngine } from '@holdfast/channel/engine';
import type { IoRedisClient, NodeRedisClient, RedisClient } from './client.ts';
import type { Driver, DriverEvents } from './driver/driver.ts';
import { createIoRedisDriver } from './driver/ioredis.ts';
import { createNodeRedisDriver } from './driver/node-redis.ts';
import { createEngine } from './engine/redis-engine.ts';

export type { IoRedisClient, NodeRedisClient, RedisClient };

export interface RedisEngineOptions {
  /**
   * A connected client of `redis` (node-redis) 6 or newer, or of `ioredis` 5.9 or newer, alone or for a cluster; an
   * ioredis cluster with `shardedSubscribers: true`. It stays the application's: the engine doesn't close it.
   */
  readonly client: RedisClient;
  /** The connection that subscribes, of the same library. Default: a duplicate of `client`, which the engine closes. */
  readonly subscriber?: RedisClient;
  /** What the keys of all sessions begin with; without braces. Default `holdfast:`. */
  readonly prefix?: string;
  /** The largest message, in bytes of UTF-8 JSON: data, headers, name and id together. Default 1 MiB. */
  readonly maxMessageBytes?: number;
  /** How long a presence member outlives its last sign of life, in milliseconds. Default 15,000. */
  readonly presenceLeaseMs?: number;
  /** How often a session in which nothing happens is compared with Redis, in milliseconds. Default 10,000. */
  readonly headCheckMs?: number;
  /**
   * How long a call waits for Redis, in milliseconds; what passes by itself, such as a broken connection, is tried again
   * that long. Default 10,000.
   */
  readonly timeoutMs?: number;
  /**
   * What of each session is kept; by default all of it, for ever. Readers that come back for what is gone get a gap.
   */
  readonly retention?: {
    /** Messages that have not changed for so many milliseconds go, the oldest first. */
    readonly ageMs?: number;
    /** When all messages together have more bytes, the oldest go. */
    readonly bytes?: number;
  };
}

/**
 * An engine over Redis 7.0 or newer, or Valkey, which any number of processes may share. A receipt means: stored as Redis
 * is set up to store it (see the package's page). Does no I/O until it is used; `close()` leaves `client` open.
 *
 * Its calls throw ChannelErrors: `unavailable` (unreachable, a read-only replica, a cluster that is down),
 * `unauthenticated` (wrong password), `forbidden` (the Redis user lacks a right), `storage_full` (out of memory, or a disk
 * that fails), `unsupported` (an older Redis, sessions that a newer version wrote, or those that partly lie in a cold store),
 * `unknown_outcome` (no answer came).
 *
 * @throws TypeError for options that make no sense
 */
export function createRedisEngine({
  client,
  subscriber,
  prefix = 'holdfast:',
  maxMessageBytes = 1 << 20,
  presenceLeaseMs = 15_000,
  headCheckMs = 10_000,
  timeoutMs = 10_000,
  retention = {},
}: RedisEngineOptions): HotEngine {
  if (/[{}]/.test(prefix)) throw new TypeError('createRedisEngine: prefix must have no braces');
  const { ageMs = 0, bytes = 0 } = retention;
  for (const [name, value] of Object.entries({ maxMessageBytes, presenceLeaseMs, headCheckMs, timeoutMs }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TypeError(`createRedisEngine: ${name} must be a whole number from 1`);
  for (const [name, value] of Object.entries({ ageMs, bytes }))
    if (!Number.isSafeInteger(value) || value < 0)
      throw new TypeError(`createRedisEngine: retention.${name} must be a whole number from 1`);
  return createEngine((events) => openDriver(client, subscriber, events), {
    prefix,
    maxMessageBytes,
    presenceLeaseMs,
    headCheckMs,
    timeoutMs,
    retention: { ageMs, bytes },
    readBytes: READ_BYTES,
  });
}

const READ_BYTES = 4 << 20;

function openDriver(client: RedisClient, subscriber: RedisClient | undefined, events: DriverEvents): Driver {
  if (isNodeRedis(client)) {
    if (subscriber === undefined || isNodeRedis(subscriber))
      return createNodeRedisDriver(client, subscriber, events);
  } else if (isIoRedis(client)) {
    if (client.options.keyPrefix)
      throw new TypeError('createRedisEngine: give the engine a prefix, and the client no keyPrefix');
    if (subscriber === undefined || isIoRedis(subscriber))
      return createIoRedisDriver(client, subscriber, events);
  } else throw new TypeError('createRedisEngine: client must be one of redis (node-redis) or ioredis');
  throw new TypeError('createRedisEngine: client and subscriber must be of the same library');
}

function isNodeRedis(client: RedisClient): client is NodeRedisClient {
  return 'evalSha' in client;
}

function isIoRedis(client: RedisClient): client is IoRedisClient {
  return 'evalsha' in client;
}
