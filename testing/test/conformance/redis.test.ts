import { describeChannel, type ChannelBackend } from '@holdfast/conformance/channel';
import { createRedisEngine } from '@holdfast/redis';
import { ENGINE, openBackend } from '@holdfast/testing/gateway-backend';
import { startRedis } from '@holdfast/testing/redis-server';
import { createClient } from 'redis';

async function open(): Promise<ChannelBackend> {
  const server = await startRedis();
  const client = createClient({ url: server.url });
  client.on('error', () => {});
  await client.connect();
  const backend = await openBackend({ engine: createRedisEngine({ client, ...ENGINE }) });
  return {
    ...backend,
    async close() {
      await backend.close();
      client.destroy();
      await server.close();
    },
  };
}

describeChannel({ name: 'gateway over WebSockets and Redis', scale: 0.5, open });
