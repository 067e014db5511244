import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColdStore } from '@holdfast/channel/engine';
import { describeChannel, type ChannelBackend } from '@holdfast/conformance/channel';
import { openPostgresColdStore } from '@holdfast/postgres';
import { createRedisEngine } from '@holdfast/redis';
import { openSqliteColdStore } from '@holdfast/server/sqlite';
import { ENGINE, openBackend } from '@holdfast/testing/gateway-backend';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { startRedis } from '@holdfast/testing/redis-server';
import { afterAll } from 'vitest';
import { connect } from '../../redis/test/clients.ts';
import { createTieredEngine } from '../src/index.ts';
import { moveEagerly } from './move-eagerly.ts';

const server = await startRedis();
const cluster = await startCluster();
const pool = cluster.pool({ max: 4 });
const folder = mkdtempSync(join(tmpdir(), 'holdfast-tiered-'));
afterAll(async () => {
  await pool.end();
  await cluster.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two gateways over a hot engine that hands on all it can between almost every two calls. */
async function open(library: string, cold: ColdStore): Promise<ChannelBackend> {
  const { client, close } = await connect(library, server.url);
  const engine = createTieredEngine({ hot: createRedisEngine({ client, ...ENGINE }), cold });
  const backend = await openBackend({ engine: moveEagerly(engine) });
  return {
    ...backend,
    async close() {
      await backend.close();
      close();
    },
  };
}

describeChannel({
  name: 'gateway over redis and sqlite, moved all the time',
  scale: 0.3,
  open: async () => open('redis', openSqliteColdStore({ path: join(folder, 'cold.db') })),
});

describeChannel({
  name: 'gateway over redis and postgres, moved all the time',
  scale: 0.3,
  open: async () => open('ioredis', await openPostgresColdStore({ pool, schema: 'cold' })),
});
