import {
  createMemoryColdStore,
  createMemoryEngine,
  type ColdStore,
  type Engine,
  type HotEngine,
  type Tail,
} from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { openSqliteColdStore } from '@holdfast/server/sqlite';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { checkBesideMemory, MAX_BYTES } from '../../redis/test/beside-memory.ts';
import { startRedis } from '@holdfast/testing/redis-server';
import { createTieredEngine } from '../src/index.ts';
import { moveEagerly } from './move-eagerly.ts';
import { openCold } from './postgres-cold-store.ts';

/** Counts what a cold store was given, so that the test shows that something moved. */
function counted(store: ColdStore): { readonly cold: ColdStore; readonly moved: () => number } {
  let moved = 0;
  const cold: ColdStore = {
    ...store,
    async put(channel, fence, entries) {
      const kept = await store.put(channel, fence, entries);
      moved += kept?.length ?? 0;
      return kept;
    },
    close: async () => {},
  };
  return { cold, moved: () => moved };
}

/** Two processes' engines over the same two stores: one is asked, and both move. */
async function check(openHot: () => HotEngine, store: ColdStore, runs: number): Promise<void> {
  const { cold, moved } = counted(store);
  const channels = new Set<string>();
  const open = (): Engine => {
    const [asked, other] = [openHot(), openHot()].map((hot) => createTieredEngine({ hot, cold }));
    if (asked === undefined || other === undefined) throw new Error('There are no engines.');
    const eager = moveEagerly(asked, [other]);
    return {
      ...eager,
      commit(channel, publisher, operations) {
        channels.add(channel);
        return eager.commit(channel, publisher, operations);
      },
      async close() {
        await asked.close();
        await other.close();
      },
    };
  };
  // Somebody was about to join each session and came to nothing: the fence is lost.
  const disturb = async (): Promise<void> => {
    for (const channel of channels) await cold.claim(channel, 'nobody');
    channels.clear();
  };
  await checkBesideMemory({ open, disturb, runs });
  await store.close();
  expect(moved()).toBeGreaterThan(runs);
}

/** The same memory for all, of which closing ends only what one has opened. */
function share(hot: HotEngine): HotEngine {
  const opened: Tail[] = [];
  return {
    ...hot,
    async tail(channel, listener) {
      const tail = await hot.tail(channel, listener);
      opened.push(tail);
      return tail;
    },
    async close() {
      for (const tail of opened) tail.close();
    },
  };
}

it('memory and memory do as the memory engine alone, whatever moves when (I1 I2 I3 I5 I6 I9)', async () => {
  const hot = createMemoryEngine({ maxMessageBytes: MAX_BYTES });
  await check(() => share(hot), createMemoryColdStore(), 150);
}, 120_000);

for (const [name, runs, openStore] of [
  [
    'Postgres',
    40,
    async () => {
      const cluster = await startCluster();
      onTestFinished(() => cluster.close());
      return openCold(cluster.pool(), 'differential', 1 << 26);
    },
  ],
  ['SQLite', 40, async () => openSqliteColdStore({ path: ':memory:' })],
] as const)
  it(`Redis and ${name} do as the memory engine alone, whatever moves when (I1 I2 I3 I5 I6 I9)`, async () => {
    const server = await startRedis({ appendonly: 'no' });
    const client = new Redis(server.url);
    onTestFinished(async () => {
      client.disconnect();
      await server.close();
    });
    await check(() => createRedisEngine({ client, maxMessageBytes: MAX_BYTES }), await openStore(), runs);
  }, 120_000);
