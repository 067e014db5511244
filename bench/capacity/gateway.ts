// One gateway over the Redis at REDIS_URL, in a process of its own.
import { createRedisEngine } from '@holdfast/redis';
import { serve } from '@holdfast/server';
import { verifyTokens } from '@holdfast/server/token';
import { createClient } from 'redis';
import { answerRequests, usage } from './child.ts';
import { SECRET, UPKEEP_MS } from './setting.ts';

const client = createClient({ url: process.env['REDIS_URL'] ?? '' });
client.on('error', (error: unknown) => console.error(error));
await client.connect();
const engine = createRedisEngine({ client, headCheckMs: UPKEEP_MS, presenceLeaseMs: 3 * UPKEEP_MS });
const gateway = await serve({
  engine,
  authenticate: verifyTokens({ secret: SECRET }),
  heartbeatMs: UPKEEP_MS,
  logger: { info() {}, warn: console.error, error: console.error },
  port: 0,
  host: '127.0.0.1',
});

const requests = { usage, port: () => gateway.port };
export type GatewayRequests = typeof requests;
answerRequests(requests);
