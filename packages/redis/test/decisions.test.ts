import { describeClientTools } from '../../core/test/decisions/client-tools.ts';
import { describeForgery } from '../../core/test/decisions/forgery.ts';
import { describeRaces } from '../../core/test/decisions/races.ts';
import { openGatewayBackend } from '../../server/test/decisions/gateway-stage.ts';
import { createRedisEngine } from '../src/index.ts';
import { connect } from './clients.ts';
import { startRedis } from '@holdfast/testing/redis-server';

async function open() {
  const server = await startRedis();
  const connection = await connect('redis', server.url);
  const backend = await openGatewayBackend(createRedisEngine({ client: connection.client }));
  return {
    connect: backend.connect,
    async close() {
      await backend.close();
      connection.close();
      await server.close();
    },
  };
}

describeRaces('a gateway on Redis', open);
describeClientTools('a gateway on Redis', open);
describeForgery('a gateway on Redis', open);
