import type { Engine } from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { openSqliteEngine } from '@holdfast/server/sqlite';
import { createClient } from 'redis';

export interface OpenEngine {
  readonly engine: Engine;
  readonly close: () => Promise<void>;
}

/** Where a server keeps sessions: in Redis, for any number of gateways, if `REDIS_URL` is set; else in a file, for one. */
export async function openEngine(env: NodeJS.ProcessEnv, path: string): Promise<OpenEngine> {
  const url = env['REDIS_URL'] || undefined;
  if (url === undefined) {
    const engine = openSqliteEngine({ path: env['DB'] ?? path });
    return { engine, close: () => engine.close() };
  }
  const client = createClient({ url });
  client.on('error', (error: unknown) => console.error('Redis:', error));
  await client.connect();
  const engine = createRedisEngine({ client });
  return {
    engine,
    async close() {
      await engine.close();
      await client.close();
    },
  };
}
