import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { until } from '../../chat/check/until.ts';
import { openBalancer } from './balancer.ts';
import { openCluster } from './cluster.ts';
import type { Place } from './place.ts';
import { supervise } from './supervise.ts';

// The chat example as a cluster on one machine: three gateways and two workers over one Redis, behind one address.

const DOOR = 4420;
const PORTS = [4421, 4422, 4423];

const root = fileURLToPath(new URL('../../chat/', import.meta.url));
const page = await createServer({ root, server: { port: 4424, host: '127.0.0.1', hmr: false } });
await page.listen();
const balancer = await openBalancer({
  gateways: PORTS.map((port) => `http://127.0.0.1:${port}`),
  page: 'http://127.0.0.1:4424',
  port: DOOR,
});
const cluster = await openCluster({ ports: PORTS, door: balancer.address, workers: 2 });
const places = [...cluster.gateways, ...cluster.workers];
await cluster.startGateways();
await until(() => balancer.healthy.size === PORTS.length, 'the gateways to be well');
await cluster.startWorkers();

console.log(`\n  Open  ${balancer.address}/   (Ctrl+C ends it)\n`);
for (const { name, pid } of places) console.log(`  ${name}: process ${pid}`);
console.log(`
  Kill any of them, and it is started again. Or type, while an answer streams:
    g  kills a gateway     w  kills a worker     r  restarts the gateways, one after the other
`);

const ending = new AbortController();
const supervised = supervise(places, ending.signal);
const keys = createInterface({ input: process.stdin });
keys.on('line', (line) => {
  act(line.trim()).catch((error: unknown) => console.error(error));
});

async function act(key: string): Promise<void> {
  if (key === 'g') await killOneOf(cluster.gateways);
  else if (key === 'w') await killOneOf(cluster.workers);
  else if (key === 'r')
    for (const gateway of cluster.gateways) {
      console.log(`  ${gateway.name} drains`);
      await gateway.kill('SIGTERM');
      await until(() => balancer.healthy.size === PORTS.length, `${gateway.name} to be well again`);
    }
  else console.log('  g, w or r');
}

async function killOneOf(some: readonly Place[]): Promise<void> {
  const victim = some[Math.floor(Math.random() * some.length)];
  console.log(`  ${victim?.name} killed`);
  await victim?.kill('SIGKILL');
}

async function end(): Promise<void> {
  keys.close();
  ending.abort();
  await supervised;
  await cluster.close();
  await Promise.all([balancer.close(), page.close()]);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    end().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
