import { describeChannel } from '@holdfast/conformance/channel';
import { openPostgresEngine } from '@holdfast/postgres';
import { ENGINE, openBackend } from '@holdfast/testing/gateway-backend';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { afterAll } from 'vitest';

const cluster = await startCluster();
afterAll(() => cluster.close());

let schemas = 0;

describeChannel({
  name: 'gateway over WebSockets and Postgres',
  scale: 0.5,
  async open() {
    const pool = cluster.pool({ max: 3 });
    const backend = await openBackend({
      engine: await openPostgresEngine({ pool, schema: `gateway_${(schemas += 1)}`, ...ENGINE }),
    });
    return {
      ...backend,
      async close() {
        await backend.close();
        await pool.end();
      },
    };
  },
});
