// A primary, a replica and a sentinel: the primary is killed under load and the replica takes over. How long nobody gets a
// receipt, what is lost, and whether readers are told. `npx tsx bench/redis/failover.ts`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isChannelError, type Serial } from '@holdfast/channel';
import { createEngineChannels } from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { Redis } from 'ioredis';
import { freePort } from '@holdfast/testing/free-port';
import { startRedis } from './setting.ts';

const DOWN_AFTER_MS = 1000;
const DELTA = 'x'.repeat(20);

const primary = await startRedis({ appendfsync: 'everysec' });
const replica = await startRedis({ appendfsync: 'everysec', replicaof: `127.0.0.1 ${primary.port}` });
const folder = await mkdtemp(join(tmpdir(), 'holdfast-sentinel-'));
const sentinelPort = await freePort();
await writeFile(
  join(folder, 'sentinel.conf'),
  `port ${sentinelPort}
dir ${folder}
sentinel monitor sessions 127.0.0.1 ${primary.port} 1
sentinel down-after-milliseconds sessions ${DOWN_AFTER_MS}
sentinel failover-timeout sessions 5000
`,
);
const sentinel = spawn(
  process.env['REDIS_SERVER'] ?? 'redis-server',
  [join(folder, 'sentinel.conf'), '--sentinel'],
  {
    stdio: 'ignore',
  },
);
const sentinelEnded = once(sentinel, 'exit');
const watcher = new Redis(sentinelPort, { retryStrategy: () => 50 });
watcher.on('error', () => {});
const replicas = async (): Promise<readonly unknown[]> => {
  const found = await watcher.call('SENTINEL', 'REPLICAS', 'sessions').catch(() => []);
  return Array.isArray(found) ? found : [];
};
while ((await replicas()).length === 0) await wait(100);
const standby = new Redis(replica.url);
while (!(await standby.info('replication')).includes('master_link_status:up')) await wait(100);
standby.disconnect();

const client = new Redis({ sentinels: [{ host: '127.0.0.1', port: sentinelPort }], name: 'sessions' });
client.on('error', () => {});
const engine = createRedisEngine({ client, timeoutMs: 15_000 });
const channels = createEngineChannels(engine, { clientId: 'assistant' });
const channel = channels.channel('session');
let gaps = 0;
await channel.subscribe(({ kind }) => {
  if (kind === 'gap') gaps += 1;
});
const [created] = await channel.publish({
  action: 'create',
  draft: { id: 'answer', name: 'output', data: '' },
});
const serial = created?.serial ?? ('' as Serial);

let acknowledged = 0;
let longest = 0;
let refused = '';
let killed = false;
const until = performance.now() + 15_000;
let last = performance.now();
while (performance.now() < until) {
  try {
    await channel.publish({ action: 'append', serial, data: DELTA, offset: acknowledged * DELTA.length });
    acknowledged += 1;
  } catch (error) {
    if (!isChannelError(error)) throw error;
    refused = error.code;
    // What the replica lacks is not there to append to.
    if (error.code === 'conflict') break;
  }
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
  if (!killed && acknowledged === 2000) {
    killed = true;
    void primary.kill();
  }
}
const { messages } = await channel.history();
const stored =
  messages.map(({ data }) => (typeof data === 'string' ? data.length / DELTA.length : 0))[0] ?? 0;
console.log(`primary killed after 2000 appends; sentinel waits ${DOWN_AFTER_MS} ms before it acts`);
console.log(`longest wait for a receipt: ${(longest / 1000).toFixed(1)} s`);
console.log(
  `appends with a receipt: ${acknowledged}, stored: ${stored}${refused === '' ? '' : `, refused: ${refused}`}`,
);
console.log(`gaps told to a reader: ${gaps}`);

await channels.close();
await engine.close();
client.disconnect();
watcher.disconnect();
sentinel.kill();
await sentinelEnded;
await Promise.all([primary.close(), replica.close()]);
await rm(folder, { recursive: true, force: true });
