import type { Channels } from '@holdfast/channel';
import { createEngineChannels, decodePosition, encodePosition, type Engine } from '@holdfast/channel/engine';
import { describeChannel, type ChannelBackend } from '@holdfast/conformance/channel';
import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import { createRedisEngine } from '../src/index.ts';
import { connect, LIBRARIES, type TestClient } from './clients.ts';
import { startRedis } from '@holdfast/testing/redis-server';

const LEASE_MS = 300;

/** Each connection has an engine and connections of its own, as in a process of its own. */
async function openBackend(library: string): Promise<ChannelBackend> {
  const server = await startRedis();
  const opened: { readonly engine: Engine; readonly connection: TestClient }[] = [];
  const connections = new Map<Channels, FaultyChannels>();
  const killed = new Set<Channels>();

  const closeAll = async (): Promise<void> => {
    for (const { engine, connection } of opened.splice(0)) {
      await engine.close();
      connection.close();
    }
  };
  return {
    async connect(clientId, claims) {
      const connection = await connect(library, server.url);
      const engine = createRedisEngine({
        client: connection.client,
        maxMessageBytes: 64 * 1024,
        presenceLeaseMs: LEASE_MS,
        headCheckMs: 200,
        retention: { bytes: 512 * 1024 },
      });
      opened.push({ engine, connection });
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      const isDead = (): boolean => killed.has(channels);
      const mortal: Engine = {
        ...engine,
        renew: async (memberId) => (isDead() ? undefined : engine.renew(memberId)),
        leave: async (name, memberId) => (isDead() ? undefined : engine.leave(name, memberId)),
      };
      const channels: FaultyChannels = withFaults(createEngineChannels(mortal, author), {
        seed: connections.size + 1,
      });
      connections.set(channels, channels);
      return channels;
    },
    async cut(channels) {
      const heal = connections.get(channels)?.cut();
      return async () => heal?.();
    },
    kill: async (channels) => void killed.add(channels),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async restart() {
      await server.kill();
      await server.start();
    },
    async tooOld(channel, position) {
      const connection = await connect(library, server.url);
      const engine = createRedisEngine({ client: connection.client, retention: { bytes: 100_000 } });
      for (let index = 0; index < 4; index += 1)
        await engine.commit(channel, { connectionId: 'filler' }, [
          { action: 'create', draft: { id: `filler ${index}`, name: 'filler', data: 'x'.repeat(60_000) } },
        ]);
      await engine.close();
      connection.close();
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
      await closeAll();
      await server.close();
    },
  };
}

for (const library of Object.keys(LIBRARIES))
  describeChannel({ name: library, open: () => openBackend(library) });
