import { createClient } from 'redis';
import { it, onTestFinished } from 'vitest';
import { createRedisEngine } from '../src/index.ts';
import { checkBesideMemory, MAX_BYTES } from './beside-memory.ts';
import { startRedis } from '@holdfast/testing/redis-server';

it('does as the memory engine does, reopened at any moment (I1 I3 I5 I6 I9)', async () => {
  const server = await startRedis({ appendonly: 'no' });
  const client = createClient({ url: server.url });
  await client.connect();
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  await checkBesideMemory({
    open: () => createRedisEngine({ client, maxMessageBytes: MAX_BYTES }),
    // Its scripts are forgotten.
    disturb: () => client.scriptFlush(),
    runs: 300,
  });
}, 120_000);
