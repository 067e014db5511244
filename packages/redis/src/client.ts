/** What of a `redis` (node-redis) ≥ 6 client is used: of `createClient`, or of `createCluster`. */
export interface NodeRedisClient {
  readonly isReady: boolean;
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(source: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  sSubscribe(channel: string, listener: (message: string, channel: string) => unknown): Promise<unknown>;
  sUnsubscribe(channel: string, listener?: (message: string, channel: string) => unknown): Promise<unknown>;
  on(event: string, listener: (...details: unknown[]) => void): unknown;
  off(event: string, listener: (...details: unknown[]) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
  duplicate(): NodeRedisClient;
  /** Of a cluster only. */
  readonly masters?: readonly unknown[];
  nodeClient?(node: unknown): Promise<NodeRedisClient>;
}

/** What of an `ioredis` ≥ 5.9 client is used: of `Redis`, or of `Cluster` with `shardedSubscribers`. */
export interface IoRedisClient {
  readonly status: string;
  readonly isCluster: boolean;
  readonly options: { readonly keyPrefix?: unknown };
  evalsha(sha: string, count: number, ...values: string[]): Promise<unknown>;
  eval(source: string, count: number, ...values: string[]): Promise<unknown>;
  ssubscribe(channel: string): Promise<unknown>;
  sunsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...details: unknown[]) => void): unknown;
  off(event: string, listener: (...details: unknown[]) => void): unknown;
  disconnect(reconnect?: boolean): void;
  duplicate(): IoRedisClient;
  /** Of a cluster only. */
  nodes?(role: 'master'): readonly IoRedisClient[];
}

/** A connection to Redis that the application has made and goes on owning. */
export type RedisClient = NodeRedisClient | IoRedisClient;
