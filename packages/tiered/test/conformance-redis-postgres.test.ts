import { describeChannel } from '@holdfast/conformance/channel';
import { afterAll } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { startRedis } from '@holdfast/testing/redis-server';
import { openCold } from './postgres-cold-store.ts';
import { CATCH_UP_BYTES, openRedisAnd } from './redis-and.ts';

const server = await startRedis();
const cluster = await startCluster();
const cold = await openCold(cluster.pool({ max: 8 }), 'conformance', CATCH_UP_BYTES);
afterAll(async () => {
  await cold.close();
  await server.close();
  await cluster.close();
});

describeChannel({
  name: 'redis and postgres, moved all the time',
  scale: 0.3,
  open: async () =>
    openRedisAnd({
      server,
      library: 'ioredis',
      cold: () => cold,
      async restart() {
        await cluster.stop('immediate');
        await cluster.start();
      },
    }),
});
