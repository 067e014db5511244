import { createRedisEngine } from '@holdfast/redis';
import type { Engine } from '@holdfast/channel/engine';
import { Redis } from 'ioredis';
import { setTimeout as wait } from 'node:timers/promises';
import { startRedis } from '../redis/setting.ts';
import { startChild, type Child, type Usage } from './child.ts';
import type { ClientRequests } from './clients.ts';
import type { GatewayRequests } from './gateway.ts';

const GATEWAYS = 3;

/** A Redis, three gateways and two processes full of clients, as they would run elsewhere. */
export interface World {
  readonly engine: Engine;
  readonly ports: readonly number[];
  /** Clients that write, and clients that watch. */
  readonly workers: Child<ClientRequests>;
  readonly audience: Child<ClientRequests>;
  /** What it took while something happened. */
  readonly observe: <T>(happen: () => Promise<T>) => Promise<Observation<T>>;
  close(): Promise<void>;
}

export interface Observation<T> {
  readonly result: T;
  readonly seconds: number;
  readonly redis: { readonly cpuMs: number; readonly bytes: number };
  readonly gateways: readonly Usage[];
  /** That reached the audience, pings left away. */
  readonly frames: number;
}

export async function openWorld(): Promise<World> {
  // It writes its log as it would, but waits for no disk: that of a machine which does other things too would be measured.
  const server = await startRedis({ appendfsync: 'no' });
  const client = new Redis(server.url);
  const engine = createRedisEngine({ client });
  const env = { REDIS_URL: server.url };
  const gateways = Array.from({ length: GATEWAYS }, () => startChild<GatewayRequests>('./gateway.ts', env));
  const [workers, audience] = [
    startChild<ClientRequests>('./clients.ts', {}),
    startChild<ClientRequests>('./clients.ts', {}),
  ];
  const ports = await Promise.all(gateways.map((gateway) => gateway.ask('port')));

  const look = async () => {
    const info = await client.info('everything');
    const figure = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
    return {
      at: performance.now(),
      redis: {
        cpuMs: 1000 * (figure('used_cpu_sys') + figure('used_cpu_user')),
        // Of its connections' buffers there is always another size.
        bytes: figure('used_memory') - figure('mem_clients_normal') - figure('mem_aof_buffer'),
      },
      gateways: await Promise.all(gateways.map((gateway) => gateway.ask('usage'))),
      frames: await audience.ask('frames'),
    };
  };

  return {
    engine,
    ports: ports.map((port) => port ?? 0),
    workers,
    audience,
    async observe(happen) {
      const before = await look();
      const result = await happen();
      const after = await look();
      return {
        result,
        seconds: (after.at - before.at) / 1000,
        redis: {
          cpuMs: after.redis.cpuMs - before.redis.cpuMs,
          bytes: after.redis.bytes - before.redis.bytes,
        },
        gateways: after.gateways.map((usage, index) => difference(usage, before.gateways[index])),
        frames: after.frames - before.frames,
      };
    },
    async close() {
      await Promise.all([...gateways, workers, audience].map((child) => child.close()));
      await engine.close();
      client.disconnect();
      await server.close();
    },
  };
}

/** Nothing happens, for a while. */
export const pass = (seconds: number) => (): Promise<void> => wait(seconds * 1000);

function difference(after: Usage, before: Usage | undefined): Usage {
  if (before === undefined) return after;
  return {
    cpuMs: after.cpuMs - before.cpuMs,
    liveBytes: after.liveBytes - before.liveBytes,
    residentBytes: after.residentBytes - before.residentBytes,
  };
}
