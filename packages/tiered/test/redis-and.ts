import type { ColdStore, Engine } from '@holdfast/channel/engine';
import type { ChannelBackend } from '@holdfast/conformance/channel';
import { createRedisEngine } from '@holdfast/redis';
import { create } from '@holdfast/testing/acts';
import { connect, type TestClient } from '../../redis/test/clients.ts';
import type { RedisServer } from '@holdfast/testing/redis-server';
import { createTieredEngine, type TieredEngine } from '../src/index.ts';
import { createBackend } from './backend.ts';
import { moveEagerly } from './move-eagerly.ts';

/** What the cold stores of these tests read at most to catch up. */
export const CATCH_UP_BYTES = 1 << 20;

export interface RedisAnd {
  readonly library: string;
  readonly server: RedisServer;
  /** Whose it stays: no engine closes it. */
  readonly cold: () => ColdStore;
  /** What else crashes when Redis does. */
  readonly restart?: () => Promise<void>;
}

/** Each connection is a process of its own, with an engine that moves everything all the time. */
export function openRedisAnd({ library, server, cold, restart }: RedisAnd): ChannelBackend {
  const connections: TestClient[] = [];
  const open = async (): Promise<TieredEngine> => {
    const connection = await connect(library, server.url);
    connections.push(connection);
    const hot = createRedisEngine({
      client: connection.client,
      maxMessageBytes: 64 * 1024,
      presenceLeaseMs: 300,
      headCheckMs: 200,
    });
    return createTieredEngine({ hot, cold: { ...cold(), close: async () => {} } });
  };
  return createBackend({
    open: async (): Promise<Engine> => moveEagerly(await open()),
    async restart() {
      await server.kill();
      await restart?.();
      await server.start();
    },
    async tooOld(channel, position) {
      const engine = await open();
      for (let size = 0; size <= CATCH_UP_BYTES; size += 60_000)
        await create(engine, channel, `filler ${size}`, 'x'.repeat(60_000));
      await engine.settle({ channel, idleMs: 0 });
      await engine.close();
      return position;
    },
    async close() {
      for (const { close } of connections) close();
    },
  });
}
