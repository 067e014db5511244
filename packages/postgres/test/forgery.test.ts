import { afterAll } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { describeForgery } from '../../core/test/decisions/forgery.ts';
import { openGatewayBackend } from '../../server/test/decisions/gateway-stage.ts';
import { openEngine } from './open-engine.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());

let schemas = 0;

describeForgery('a gateway on Postgres', async () =>
  openGatewayBackend(await openEngine(cluster.pool({ max: 4 }), `forgery_${(schemas += 1)}`)),
);
