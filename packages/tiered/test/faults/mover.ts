import { createInterface } from 'node:readline';
import type { ColdStore, HotEngine } from '@holdfast/channel/engine';
import { openPostgresColdStore } from '@holdfast/postgres';
import { createRedisEngine } from '@holdfast/redis';
import { Redis } from 'ioredis';
import { createPool } from '@holdfast/testing/postgres-cluster';
import { createTieredEngine } from '../../src/index.ts';

/** What a mover is about to do, or has just done. */
export type Step = 'claim' | 'claimed' | 'join' | 'joined' | 'put' | 'stored' | 'drop' | 'dropped';

export interface Order {
  readonly redis: string;
  readonly postgres: string;
  readonly channel: string;
  readonly dieAt: Step;
}

/** Ends this process as a crash does, at one step. */
function mortal(dieAt: Step): (step: Step) => void {
  return (step) => {
    if (step === dieAt) process.kill(process.pid, 'SIGKILL');
  };
}

function watchCold(cold: ColdStore, at: (step: Step) => void): ColdStore {
  const around = async <T>(before: Step, after: Step, work: () => Promise<T>): Promise<T> => {
    at(before);
    const result = await work();
    at(after);
    return result;
  };
  return {
    ...cold,
    claim: (...args) => around('claim', 'claimed', () => cold.claim(...args)),
    put: (...args) => around('put', 'stored', () => cold.put(...args)),
  };
}

function watchHot(hot: HotEngine, at: (step: Step) => void): HotEngine {
  return {
    ...hot,
    tier(below) {
      const tier = hot.tier(below);
      return {
        ...tier,
        async join(...args) {
          at('join');
          await tier.join(...args);
          at('joined');
        },
        async drop(...args) {
          at('drop');
          const dropped = await tier.drop(...args);
          at('dropped');
          return dropped;
        },
      };
    },
  };
}

// A process that loads, waits for its order, and moves all of a session unless it dies before.
createInterface(process.stdin).once('line', (line) => {
  const { redis, postgres, channel, dieAt } = JSON.parse(line) as Order;
  const at = mortal(dieAt);
  const work = async (): Promise<void> => {
    const cold = await openPostgresColdStore({ pool: createPool(postgres) });
    const hot = createRedisEngine({ client: new Redis(redis) });
    const engine = createTieredEngine({ hot: watchHot(hot, at), cold: watchCold(cold, at) });
    await engine.settle({ channel, idleMs: 0 });
    process.exit(0);
  };
  void work();
});
