import type { Engine } from '@holdfast/channel/engine';
import { onTestFinished } from 'vitest';
import { describeRace } from '../../server/test/workers/race.ts';
import { createRedisEngine } from '../src/index.ts';
import { connect } from './clients.ts';
import { startRedis } from '@holdfast/testing/redis-server';

async function openEngine(): Promise<Engine> {
  const server = await startRedis({ appendfsync: 'everysec' });
  const { client, close } = await connect('redis', server.url);
  onTestFinished(async () => {
    close();
    await server.close();
  });
  return createRedisEngine({ client });
}

describeRace('a gateway on Redis', openEngine, { apart: 50, together: 100 });
