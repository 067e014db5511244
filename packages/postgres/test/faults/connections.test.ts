import { afterAll, expect, it } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from '../open-engine.ts';
import { startAuthor } from './author.ts';
import { checkStored, readAll, startFollower } from './follower.ts';

const ROUNDS = 50;

const cluster = await startCluster();
afterAll(() => cluster.close());

it(`I3 I5 I7 loses nothing and repeats nothing when every connection is killed (${ROUNDS} rounds)`, async () => {
  const admin = cluster.pool({ max: 1 });
  const engines = [
    await openEngine(cluster.pool(), 'holdfast'),
    await openEngine(cluster.pool(), 'holdfast'),
  ];
  const followers = await Promise.all(engines.map((engine) => startFollower(engine, 'c')));
  const authors = engines.flatMap((engine, index) => [
    startAuthor(engine, 'c', `ada ${index}`),
    startAuthor(engine, 'c', `bob ${index}`),
  ]);
  let killed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(authors.map((author) => author.progress(1 + (round % 7))));
    const { rows } = await admin.query<{ ended: boolean }>(
      `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    killed += rows.length;
  }
  await Promise.all(authors.map((author) => author.stop()));
  expect(killed).toBeGreaterThan(ROUNDS);
  const [first] = engines;
  if (first === undefined) throw new Error('There is no engine.');
  checkStored(
    await readAll(first, 'c'),
    authors.map(({ written }) => written),
  );
  for (const follower of followers) {
    await follower.agrees();
    expect(follower.gaps).toBe(0);
    await follower.close();
  }
  for (const engine of engines) await engine.close();
}, 120_000);
