import type { Engine } from '@holdfast/channel/engine';
import { openPostgresEngine } from '@holdfast/postgres';
import { createRedisEngine, type RedisClient } from '@holdfast/redis';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createClient } from 'redis';

/** Where sessions are kept, as a process is told on its command line, and how soon it loses patience with it. */
export type Store = { readonly timing: keyof typeof TIMINGS } & (
  | { readonly engine: 'redis'; readonly library: 'redis' | 'ioredis'; readonly url: string }
  | { readonly engine: 'postgres'; readonly url: string }
);

interface Timing {
  /** How soon a connection that says nothing is taken for dead, in milliseconds. */
  readonly silenceMs: number;
  /** How long calls wait for a store that is away. */
  readonly patienceMs: number;
  /** How often quiet sessions are compared with the store. */
  readonly lookMs: number;
}

const TIMINGS = {
  usual: { silenceMs: 10_000, patienceMs: 10_000, lookMs: 1000 },
  /** So that outages cost tests little, and some last longer than calls wait: clients hear of those. */
  short: { silenceMs: 700, patienceMs: 600, lookMs: 80 },
} satisfies Readonly<Record<string, Timing>>;

/** An engine with a client of its own, set up as the packages' pages say for networks that lose connections. */
export async function openStore(store: Store): Promise<Engine> {
  const { silenceMs, patienceMs, lookMs } = TIMINGS[store.timing];
  if (store.engine === 'postgres') {
    const pool = new pg.Pool({
      connectionString: store.url,
      max: 4,
      connectionTimeoutMillis: silenceMs,
      query_timeout: silenceMs,
      statement_timeout: silenceMs,
    });
    const engine = await openPostgresEngine({ pool, retryMs: patienceMs, pollMs: lookMs });
    return closingAfter(engine, () => pool.end());
  }
  const { client, close } =
    store.library === 'redis' ? await openNodeRedis(store.url, silenceMs) : openIoRedis(store.url, silenceMs);
  const engine = createRedisEngine({ client, timeoutMs: patienceMs, headCheckMs: lookMs });
  return closingAfter(engine, close);
}

interface Opened {
  readonly client: RedisClient;
  readonly close: () => void;
}

async function openNodeRedis(url: string, silenceMs: number): Promise<Opened> {
  const client = createClient({
    url,
    pingInterval: silenceMs / 3,
    socket: { reconnectStrategy: 20, connectTimeout: silenceMs, socketTimeout: silenceMs },
  });
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.destroy() };
}

function openIoRedis(url: string, silenceMs: number): Opened {
  const client = new Redis(url, {
    retryStrategy: () => 20,
    // Otherwise it waits a second for a Redis that loads.
    maxLoadingRetryTime: 20,
    connectTimeout: silenceMs,
    socketTimeout: silenceMs,
  });
  client.on('error', () => {});
  return { client, close: () => client.disconnect() };
}

function closingAfter(engine: Engine, close: () => unknown): Engine {
  return {
    ...engine,
    async close() {
      await engine.close();
      await close();
    },
  };
}
