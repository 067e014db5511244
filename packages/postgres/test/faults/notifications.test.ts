import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from '../open-engine.ts';
import { startAuthor } from './author.ts';
import { checkStored, readAll, startFollower } from './follower.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());

/** A connection over which notifications are lost. */
class DeafClient extends pg.Client {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    return event === 'notification' ? true : super.emit(event, ...values);
  }
}

it('I3 lost notifications cost time and nothing else: heads are compared', async () => {
  const writer = await openEngine(cluster.pool(), 'holdfast');
  const deaf = await openEngine(cluster.pool({ Client: DeafClient }), 'holdfast', { pollMs: 50 });
  const followers = [await startFollower(writer, 'c'), await startFollower(deaf, 'c')];
  const authors = [startAuthor(writer, 'c', 'ada'), startAuthor(deaf, 'c', 'bob')];
  await Promise.all(authors.map((author) => author.progress(300)));
  await Promise.all(authors.map((author) => author.stop()));
  checkStored(
    await readAll(writer, 'c'),
    authors.map(({ written }) => written),
  );
  for (const follower of followers) {
    await follower.agrees();
    expect(follower.gaps).toBe(0);
    await follower.close();
  }
  await Promise.all([writer.close(), deaf.close()]);
});

it('wake-ups are gathered: many commits, few notifications', async () => {
  const listener = new pg.Client({ connectionString: cluster.url });
  await listener.connect();
  await listener.query('LISTEN gathered');
  const heard: string[] = [];
  listener.on('notification', ({ payload = '' }) => heard.push(payload));
  const engine = await openEngine(cluster.pool(), 'gathered', { gatherMs: 50 });
  const began = performance.now();
  const authors = ['ada', 'bob', 'cyd'].map((name) => startAuthor(engine, `session of ${name}`, name));
  await Promise.all(authors.map((author) => author.progress(200)));
  await Promise.all(authors.map((author) => author.stop()));
  await engine.close();
  const passed = performance.now() - began;
  // Whatever was sent before this answer has been heard.
  await listener.query('SELECT 1');
  expect(heard.length).toBeGreaterThan(0);
  expect(heard.length).toBeLessThan(passed / 50 + 2);
  await listener.end();
});
