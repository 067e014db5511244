import type { ChannelBackend } from '@holdfast/conformance/channel';
import { describeChannel } from '@holdfast/conformance/channel';
import { ENGINE, openBackend } from '../../server/test/gateway/open-backend.ts';
import { createRedisEngine } from '../src/index.ts';
import { connect } from './clients.ts';
import { startRedis } from './redis-server.ts';

async function open(): Promise<ChannelBackend> {
  const server = await startRedis();
  const connection = await connect('redis', server.url);
  const backend = await openBackend({ engine: createRedisEngine({ client: connection.client, ...ENGINE }) });
  return {
    ...backend,
    async close() {
      await backend.close();
      connection.close();
      await server.close();
    },
  };
}

describeChannel({ name: 'gateway over WebSockets and Redis', scale: 0.5, open });
