import type { Delivery, Serial } from '@holdfast/channel';
import { createEngineChannels } from '@holdfast/channel/engine';
import { Cluster, Redis } from 'ioredis';
import { createCluster } from 'redis';
import { expect, it, onTestFinished } from 'vitest';
import { createRedisEngine, type RedisClient } from '../src/index.ts';
import { ada, append, create, idsOf, receiptOf } from '@holdfast/testing/acts';
import { freePort } from '@holdfast/testing/free-port';
import { startRedis } from '@holdfast/testing/redis-server';

const SLOTS = 16384;
const SESSIONS = 24;

/** Two nodes with half of the slots each; channels fall to either. */
async function startCluster(): Promise<{
  readonly admins: readonly Redis[];
  readonly ports: readonly number[];
}> {
  const busPorts = [await freePort(), await freePort()].map(String);
  const servers = await Promise.all(
    busPorts.map((port) => startRedis({ 'cluster-enabled': 'yes', 'cluster-port': port, appendonly: 'no' })),
  );
  const admins = servers.map(({ url }) => new Redis(url));
  onTestFinished(async () => {
    for (const admin of admins) admin.disconnect();
    for (const server of servers) await server.close();
  });
  const [first, second] = admins;
  if (first === undefined || second === undefined) throw new Error('There are two nodes.');
  await first.call('CLUSTER', 'ADDSLOTSRANGE', '0', String(SLOTS / 2 - 1));
  await second.call('CLUSTER', 'ADDSLOTSRANGE', String(SLOTS / 2), String(SLOTS - 1));
  await first.call('CLUSTER', 'MEET', '127.0.0.1', String(servers[1]?.port), busPorts[1] ?? '');
  for (const admin of admins)
    while (
      !(await admin.cluster('INFO')).includes('cluster_state:ok') ||
      !(await admin.cluster('INFO')).includes('cluster_known_nodes:2')
    );
  return { admins, ports: servers.map(({ port }) => port) };
}

const CLUSTERS: Readonly<
  Record<string, (ports: readonly number[]) => Promise<{ client: RedisClient; close: () => void }>>
> = {
  async redis(ports) {
    const client = createCluster({ rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })) });
    client.on('error', () => {});
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  async ioredis(ports) {
    const client = new Cluster(
      ports.map((port) => ({ host: '127.0.0.1', port })),
      { shardedSubscribers: true },
    );
    client.on('error', () => {});
    await new Promise<void>((resolve) => client.once('ready', resolve));
    return { client, close: () => client.disconnect() };
  },
};

for (const [library, open] of Object.entries(CLUSTERS))
  it(`${library}: on a cluster each session lies on one node, and its subscribers hear it there`, async () => {
    const { admins, ports } = await startCluster();
    const { client, close } = await open(ports);
    const engine = createRedisEngine({ client });
    const channels = createEngineChannels(engine, { clientId: 'ada' });
    const names = Array.from({ length: SESSIONS }, (_, index) => `session {${index}}`);
    await Promise.all(
      names.map(async (name) => {
        const heard: Delivery[] = [];
        let wake = (): void => {};
        await channels.channel(name).subscribe((delivery) => {
          heard.push(delivery);
          wake();
        });
        const { serial } = await create(engine, name, 'one', 'a');
        receiptOf(await engine.commit(name, ada, [append(serial, 1, 'b')]));
        const annotation = { action: 'add', id: 'n', type: 'seen:flag.v1' } as const;
        receiptOf(await engine.commit(name, ada, [{ action: 'annotate', serial, annotation }]));
        while (heard.length < 3) await new Promise<void>((resolve) => (wake = resolve));
        expect(heard.map(({ kind }) => kind)).toEqual(['message', 'append', 'annotations']);
        expect(await idsOf(engine, name)).toEqual(['one']);
        await engine.enter(name, { memberId: 'm', data: null });
        expect(await engine.members(name)).toHaveLength(1);
        await engine.leave(name, 'm');
      }),
    );
    const held = await Promise.all(admins.map((admin) => admin.keys('*:s')));
    expect(held.flat()).toHaveLength(SESSIONS);
    for (const keys of held) expect(keys.length).toBeGreaterThan(0);

    // As the hot engine of two it finds the sessions of all nodes.
    const tier = engine.tier({ join: async () => {}, recall: async () => [] });
    const found: string[] = [];
    for await (const name of tier.channels()) found.push(name);
    expect(found.toSorted()).toEqual(names.toSorted());
    for (const name of names) {
      const { kind, mark } = await tier.standing(name);
      expect(kind).toBe('apart');
      await tier.join(name, mark, { fence: 'fence', newest: 0, changed: 0, drop: [] });
      const { entries = [] } = (await tier.settled(name, { idleMs: 0, limit: 10 })) ?? {};
      expect(entries).toMatchObject([{ stored: { message: { data: 'ab' } }, annotations: [{ id: 'n' }] }]);
      const copies = entries.map(({ stored: { message, changed } }) => ({ serial: message.serial, changed }));
      expect(await tier.drop(name, copies)).toBe(1);
    }
    await channels.close();
    await engine.close();
    close();
  });

it('appends to several sessions go through a client that takes a node of a cluster for a server of its own', async () => {
  const server = await startRedis({
    'cluster-enabled': 'yes',
    'cluster-port': String(await freePort()),
    appendonly: 'no',
  });
  const client = new Redis(server.url);
  onTestFinished(async () => {
    client.disconnect();
    await server.close();
  });
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', String(SLOTS - 1));
  while (!(await client.cluster('INFO')).includes('cluster_state:ok'));
  const engine = createRedisEngine({ client });
  const names = Array.from({ length: SESSIONS }, (_, index) => `session ${index}`);
  const serials = await Promise.all(
    names.map(async (name) => (await create(engine, name, 'one', 'a')).serial),
  );
  const serialOf = (index: number): Serial => {
    const serial = serials[index];
    if (serial === undefined) throw new Error('Each session has a message.');
    return serial;
  };
  for (const turn of [1, 2]) {
    const outcomes = await Promise.all(
      names.map((name, index) => engine.commit(name, ada, [append(serialOf(index), turn, 'b')])),
    );
    for (const outcome of outcomes) receiptOf(outcome);
  }
  for (const [index, name] of names.entries())
    expect(await engine.message(name, serialOf(index))).toMatchObject({ data: 'abb' });
  await engine.close();
});
