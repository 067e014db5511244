import type { Engine } from '@holdfast/channel/engine';
import { startRedis } from '@holdfast/testing/redis-server';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { afterAll, expect, it } from 'vitest';
import { openFleet } from './fleet.ts';
import { buildGateway } from './gateway-process.ts';
import { breakNetwork } from './break-network.ts';
import { createLoss, redisPushes } from './losing.ts';
import { ROUNDS, survive } from './rounds.ts';
import { openStore } from './store.ts';

const GATEWAYS = 3;
const LIBRARIES = ['ioredis', 'redis'] as const;

const server = await startRedis();
const loss = createLoss();
const networks = await Promise.all(
  Array.from({ length: GATEWAYS }, () =>
    openTcpProxy(server.port, { filter: () => loss.filter(redisPushes()) }),
  ),
);
const program = await buildGateway();
const fleet = await openFleet(GATEWAYS, (place) =>
  program.start({
    engine: 'redis',
    timing: 'short',
    library: LIBRARIES[place % LIBRARIES.length] ?? 'redis',
    url: `redis://127.0.0.1:${networks[place]?.port}`,
  }),
);
// A client that connects while Redis still loads may wait a second before it looks again.
const store: Engine = await openStore({
  engine: 'redis',
  timing: 'usual',
  library: 'ioredis',
  url: server.url,
});

afterAll(async () => {
  await fleet.close();
  await store.close();
  for (const network of networks) await network.close();
  await server.close();
  program.remove();
});

it(`I3 I5 I7 gateways over Redis are killed (${ROUNDS} rounds)`, async () => {
  const { reconnections, gaps } = await survive({
    title: 'redis, gateways killed',
    fleet,
    store,
    fault: ({ pick }) => fleet.replace(pick),
  });
  expect(reconnections).toBeGreaterThanOrEqual(ROUNDS);
  expect(gaps).toBe(0);
}, 600_000);

it(`I3 I4 I5 I7 Redis is killed and started again (${ROUNDS} rounds)`, async () => {
  const { gaps } = await survive({
    title: 'redis, restarted',
    fleet,
    store,
    async fault() {
      await server.kill();
      await server.start();
    },
  });
  // Redis can't tell what it has lost from what it has not: readers are told to look.
  expect(gaps).toBeGreaterThanOrEqual(ROUNDS);
}, 600_000);

it(`I3 I5 I7 the network between gateways and Redis breaks (${ROUNDS} rounds)`, async () => {
  const { gaps } = await survive({
    title: 'redis, network broken',
    fleet,
    store,
    fault: (draw) => breakNetwork(networks, draw),
  });
  expect(gaps).toBe(0);
}, 600_000);

it(`I3 I4 deliveries get lost between Redis and gateways (${ROUNDS} rounds)`, async () => {
  loss.begin();
  const { gaps } = await survive({ title: 'redis, deliveries lost', fleet, store, fault: async () => {} });
  loss.end();
  expect(loss.lost).toBeGreaterThan(ROUNDS);
  expect(gaps).toBe(0);
}, 600_000);
