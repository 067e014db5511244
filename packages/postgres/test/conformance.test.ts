import { setTimeout as wait } from 'node:timers/promises';
import type { Channels } from '@holdfast/channel';
import { createEngineChannels, decodePosition, encodePosition, type Engine } from '@holdfast/channel/engine';
import { describeChannel, type ChannelBackend } from '@holdfast/conformance/channel';
import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import { afterAll } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { create } from '@holdfast/testing/acts';
import { openEngine } from './open-engine.ts';
import type { EngineOptions } from '../src/port.ts';

const KiB = 1024;
const CATCH_UP_BYTES = 2048 * KiB;

const cluster = await startCluster();
afterAll(() => cluster.close());

let schemas = 0;

/** Connections of two processes' engines over one schema, with all that can happen to them and to the server. */
async function openBackend(options: EngineOptions): Promise<ChannelBackend> {
  const schema = `conformance_${(schemas += 1)}`;
  const open = (): Promise<Engine> =>
    openEngine(cluster.pool({ max: 4 }), schema, {
      maxMessageBytes: 64 * KiB,
      catchUpBytes: CATCH_UP_BYTES,
      presenceLeaseMs: 800,
      ...options,
    });
  let engines = [await open(), await open()];
  const dead = new Set<Channels>();
  const connections = new Map<Channels, FaultyChannels>();
  return {
    async connect(clientId, claims) {
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      const engine = engines[connections.size % engines.length];
      if (engine === undefined) throw new Error('There is no engine.');
      const isDead = (): boolean => dead.has(channels);
      const mortal: Engine = {
        ...engine,
        renew: async (memberId) => (isDead() ? undefined : engine.renew(memberId)),
        leave: async (name, memberId) => (isDead() ? undefined : engine.leave(name, memberId)),
      };
      const channels = withFaults(createEngineChannels(mortal, author), { seed: connections.size + 1 });
      connections.set(channels, channels);
      return channels;
    },
    async cut(channels) {
      const heal = connections.get(channels)?.cut();
      return async () => heal?.();
    },
    kill: async (channels) => void dead.add(channels),
    pass: (ms) => wait(ms),
    async restart() {
      await cluster.stop('immediate');
      await cluster.start();
      const before = engines;
      engines = [await open(), await open()];
      await Promise.all(before.map((engine) => engine.close()));
    },
    async tooOld(channel, position) {
      const [engine] = engines;
      if (engine === undefined) throw new Error('There is no engine.');
      for (let size = 0; size <= CATCH_UP_BYTES; size += 60 * KiB)
        await create(engine, channel, `filler ${size}`, 'x'.repeat(60 * KiB));
      return position;
    },
    async ahead(_, position) {
      const { epoch = '', tick = 0 } = decodePosition(position) ?? {};
      return encodePosition(epoch, tick + 1e9);
    },
    async otherEpoch(_, position) {
      return encodePosition('another', decodePosition(position)?.tick ?? 0);
    },
    async close() {
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}

describeChannel({ name: 'postgres, two engines', open: () => openBackend({}) });
describeChannel({
  name: 'postgres, next to nothing in memory',
  scale: 0.5,
  open: () => openBackend({ hotBytes: 3000 }),
});
