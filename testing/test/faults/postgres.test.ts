import type { Engine } from '@holdfast/channel/engine';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { afterAll, expect, it } from 'vitest';
import { breakNetwork } from './break-network.ts';
import { openFleet } from './fleet.ts';
import { buildGateway } from './gateway-process.ts';
import { createLoss, postgresNotifications } from './losing.ts';
import { ROUNDS, survive } from './rounds.ts';
import { openStore } from './store.ts';

const GATEWAYS = 3;

// Connections whose network is dead stay with the server, as they do until TCP keep-alives notice.
const cluster = await startCluster({ settings: { max_connections: '400' } });
const { port } = new URL(cluster.url);
const loss = createLoss();
const networks = await Promise.all(
  Array.from({ length: GATEWAYS }, () =>
    openTcpProxy(Number(port), { filter: () => loss.filter(postgresNotifications()) }),
  ),
);
const store: Engine = await openStore({ engine: 'postgres', timing: 'usual', url: cluster.url });
const program = await buildGateway();
const fleet = await openFleet(GATEWAYS, (place) => {
  const url = Object.assign(new URL(cluster.url), { port: networks[place]?.port }).href;
  return program.start({ engine: 'postgres', timing: 'short', url });
});
const admin = cluster.pool({ max: 1 });

afterAll(async () => {
  await fleet.close();
  await store.close();
  for (const network of networks) await network.close();
  await cluster.close();
  program.remove();
});

it(`I3 I5 I7 gateways over Postgres are killed (${ROUNDS} rounds)`, async () => {
  const { reconnections, gaps } = await survive({
    title: 'postgres, gateways killed',
    fleet,
    store,
    fault: ({ pick }) => fleet.replace(pick),
  });
  expect(reconnections).toBeGreaterThanOrEqual(ROUNDS);
  expect(gaps).toBe(0);
}, 600_000);

it(`I3 I5 I7 every connection to Postgres is killed (${ROUNDS} rounds)`, async () => {
  let killed = 0;
  const { gaps } = await survive({
    title: 'postgres, connections killed',
    fleet,
    store,
    async fault() {
      const { rows } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      killed += rows.length;
    },
  });
  expect(killed).toBeGreaterThanOrEqual(GATEWAYS * ROUNDS);
  expect(gaps).toBe(0);
}, 600_000);

it(`I3 I5 I7 the network between gateways and Postgres breaks (${ROUNDS} rounds)`, async () => {
  const { gaps } = await survive({
    title: 'postgres, network broken',
    fleet,
    store,
    fault: (draw) => breakNetwork(networks, draw),
  });
  expect(gaps).toBe(0);
}, 600_000);

it(`I3 I4 notifications get lost between Postgres and gateways (${ROUNDS} rounds)`, async () => {
  loss.begin();
  const { gaps } = await survive({
    title: 'postgres, notifications lost',
    fleet,
    store,
    fault: async () => {},
  });
  loss.end();
  expect(loss.lost).toBeGreaterThan(ROUNDS);
  expect(gaps).toBe(0);
}, 600_000);
