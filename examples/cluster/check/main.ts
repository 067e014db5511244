import { parseArgs } from 'node:util';
import { freePort } from '../../chat/check/processes.ts';
import { createReferee } from '../../chat/check/referee.ts';
import { EXPECTED, TOKENS_PER_SECOND } from '../../chat/check/stage.ts';
import { until } from '../../chat/check/until.ts';
import { openCluster } from '../src/cluster.ts';
import { watchHealth } from '../src/watch-health.ts';
import { BALANCERS } from './balancers.ts';
import { fire } from './fire.ts';

// The cluster under fire: gateways and workers killed and restarted behind their balancer while an answer streams.
// `--balancer nginx` and `--balancer haproxy` do it behind one of these, with the configuration beside this folder.

const { values } = parseArgs({ options: { balancer: { type: 'string', default: 'own' } } });
const openDoor = BALANCERS[values.balancer];
if (openDoor === undefined) {
  console.error(`There is no balancer ${values.balancer}: ${Object.keys(BALANCERS).join(', ')}`);
  process.exit(1);
}

const referee = createReferee(EXPECTED);
const cleanup: (() => Promise<void> | void)[] = [];
try {
  const ports = await Promise.all(Array.from({ length: 3 }, freePort));
  const door = await openDoor(ports);
  cleanup.push(() => door.close());
  const cluster = await openCluster({
    ports,
    door: door.address,
    workers: 2,
    env: {
      LEASE_MS: '1000',
      TOKENS_PER_SECOND: String(TOKENS_PER_SECOND),
      ANTHROPIC_API_KEY: '',
      OPENAI_API_KEY: '',
    },
  });
  cleanup.push(() => cluster.close());
  await cluster.startGateways();
  const health = await watchHealth(cluster.addresses);
  cleanup.push(() => health.close());
  await until(() => health.healthy.size === ports.length, 'the gateways to be well');
  await cluster.startWorkers();
  await fire({ referee, cluster, door: door.address, health, cleanup });
} catch (error) {
  referee.differs(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  for (const end of cleanup.toReversed()) {
    try {
      await end();
    } catch (error) {
      console.error(error);
    }
  }
}
if (referee.differences.length > 0) {
  console.error(`\n${referee.differences.join('\n')}`);
  process.exit(1);
}
referee.say('everything equal to what the model said');
process.exit(0);
