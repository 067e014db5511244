import { cpSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Delivery } from '@holdfast/channel';
import { createEngineChannels } from '@holdfast/channel/engine';
import { afterAll, expect, it, vi } from 'vitest';
import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from './open-engine.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());

it('P28 I4 a server restored from a backup gives every reader a gap, and no serial is issued again', async () => {
  const running = await openEngine(cluster.pool(), 'holdfast', { pollMs: 50 });
  const { serial } = await create(running, 'c', 'one', 'backed up');
  const data = join(cluster.folder, 'data');
  const backup = join(cluster.folder, 'backup');
  const { head: early } = await running.tail('c', () => {});
  await cluster.stop('fast');
  // The plainest backup there is: the files of a server that stands still.
  execFileSync('cp', ['-a', data, backup]);
  await cluster.start();

  const deliveries: Delivery[] = [];
  const channels = createEngineChannels(running);
  await channels.channel('c').subscribe((delivery) => deliveries.push(delivery));
  const lost = receiptOf(await running.commit('c', ada, [append(serial, 9, ', then lost')]));
  const { serial: lostToo } = await create(running, 'c', 'two', 'lost');
  const { head: late } = await running.tail('c', () => {});
  await cluster.stop('immediate');
  rmSync(data, { recursive: true });
  cpSync(backup, data, { recursive: true });
  execFileSync('chown', ['-R', '--reference', backup, data]);
  execFileSync('chmod', ['--reference', backup, data]);
  await cluster.start();

  const anew = await openEngine(cluster.pool(), 'holdfast');
  await vi.waitUntil(() => deliveries.some(({ kind }) => kind === 'gap'), { timeout: 10_000, interval: 5 });
  for (const engine of [running, anew]) {
    for (const position of [early, late]) expect(await engine.changesSince('c', position)).toBeUndefined();
    expect(await datas(engine, 'c')).toEqual(['backed up']);
  }
  // What was lost can be written again, under other serials.
  const kept = receiptOf(await running.commit('c', ada, [append(serial, 9, ', then kept')]));
  const next = [await create(running, 'c', 'two', 'kept'), await create(anew, 'c', 'three', 'kept')];
  for (const { version } of [kept, ...next])
    expect(version > lost.version && String(version) > lostToo).toBe(true);
  for (const engine of [running, anew]) {
    expect(await datas(engine, 'c')).toEqual(['kept', 'kept', 'backed up, then kept']);
    // Also where the log has grown beyond where it had been.
    expect(await engine.changesSince('c', late)).toBeUndefined();
  }
  await channels.close();
  await running.close();
  await anew.close();
});
