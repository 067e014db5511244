import { prepareRedis } from '../../chat/check/engines.ts';
import { createPlace, type Place } from './place.ts';

export interface ClusterOptions {
  /** The ports of the gateways, one process each. */
  readonly ports: readonly number[];
  /** Where the balancer will listen. The agent's workers come in by the same door as everybody else. */
  readonly door: string;
  readonly workers: number;
  /** For the processes of the chat example. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The chat example's gateway and agent, several times each, over one Redis. */
export interface Cluster {
  readonly gateways: readonly Place[];
  /** The gateways' origins. */
  readonly addresses: readonly string[];
  readonly workers: readonly Place[];
  startGateways(): Promise<void>;
  startWorkers(): Promise<void>;
  close(): Promise<void>;
}

/** How long a gateway takes to send its clients away: longer than balancers take to see that it isn't well. */
const DRAIN_MS = '1000';

export async function openCluster({ ports, door, workers, env = {} }: ClusterOptions): Promise<Cluster> {
  const redis = await prepareRedis();
  const gateways = ports.map((port, index) =>
    createPlace({
      name: `gateway ${index + 1}`,
      file: 'src/gateway.ts',
      env: { ...env, PORT: String(port), ...redis.env, DRAIN_MS },
      ready: 'gateway:',
    }),
  );
  const hired = Array.from({ length: workers }, (_, index) =>
    createPlace({
      name: `worker ${index + 1}`,
      file: 'src/agent/main.ts',
      env: {
        ...env,
        GATEWAY_URL: `${door.replace('http', 'ws')}/holdfast`,
        ABLY_API_KEY: '',
        // They listen: whichever gateway is asked wakes them.
        SESSIONS: '',
        WORKER: `worker ${index + 1}`,
      },
      ready: 'agent:',
    }),
  );
  return {
    gateways,
    addresses: ports.map((port) => `http://127.0.0.1:${port}`),
    workers: hired,
    startGateways: () => startAll(gateways),
    startWorkers: () => startAll(hired),
    async close() {
      await Promise.all(hired.map((worker) => worker.kill('SIGTERM')));
      await Promise.all(gateways.map((gateway) => gateway.kill('SIGTERM')));
      await redis.close();
    },
  };
}

async function startAll(places: readonly Place[]): Promise<void> {
  await Promise.all(places.map((place) => place.start()));
}
