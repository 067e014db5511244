import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from '../open-engine.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());

it('a process that vanishes while it holds a session keeps nobody from it for long', async () => {
  let armed = false;
  let begun = false;
  let frozen = (): void => {};
  const network = await openTcpProxy(Number(new URL(cluster.url).port), {
    filter: () => (bytes) => {
      // The answer after that of BEGIN says that it has the lock. Then its network goes dead.
      if (armed && begun && bytes.includes('SELECT')) {
        armed = false;
        network.freeze();
        frozen();
      }
      begun ||= armed && bytes.includes('BEGIN');
      return bytes;
    },
  });
  const connectionString = Object.assign(new URL(cluster.url), { port: network.port }).href;
  const engine = await openEngine(cluster.pool(), 'holdfast');
  const vanishing = await openEngine(cluster.pool({ connectionString, query_timeout: 1000 }), 'holdfast', {
    retryMs: 1000,
    pollMs: 60_000,
  });
  const { serial } = await create(vanishing, 'c', 'one', 'a');
  receiptOf(await engine.commit('c', ada, [append(serial, 1, 'b')]));
  armed = true;
  const vanished = new Promise<void>((resolve) => (frozen = resolve));
  const lost = vanishing.commit('c', ada, [append(serial, 2, 'c')]).catch(() => {});
  await vanished;

  const { rows } = await cluster
    .pool({ max: 1 })
    .query("SELECT FROM pg_stat_activity WHERE state = 'idle in transaction'");
  expect(rows).toHaveLength(1);
  receiptOf(await engine.commit('c', ada, [append(serial, 2, 'c')]));
  expect(await datas(engine, 'c')).toEqual(['abc']);
  await lost;
  await Promise.all([engine.close(), vanishing.close()]);
  await network.close();
});
