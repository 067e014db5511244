// What each way of keeping Redis on disk costs, and what is left after the server is killed with SIGKILL under full load and
// started again. `npx tsx bench/redis/persistence.ts`
import type { Serial } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { Redis } from 'ioredis';
import { startRedis } from './setting.ts';

const WRITERS = 64;
const MILLISECONDS = 2000;
const DELTA = 'x'.repeat(80);
const PUBLISHER = { clientId: 'assistant', connectionId: 'bench' };

const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'appendonly yes, appendfsync always': { appendfsync: 'always' },
  'appendonly yes, appendfsync everysec': { appendfsync: 'everysec' },
  'appendonly yes, appendfsync no': { appendfsync: 'no' },
  'appendonly no, save 60 1000': { appendonly: 'no', save: '60 1000' },
  'appendonly no, save ""': { appendonly: 'no' },
};

/** One answer that grows. */
interface Answer {
  readonly session: string;
  readonly serial: Serial;
  /** Appends that have a receipt. */
  acknowledged: number;
}

async function open(engine: Engine, session: string): Promise<Answer> {
  const draft = { id: 'answer', name: 'output', data: '' };
  const [outcome] = await engine.commit(session, PUBLISHER, [{ action: 'create', draft }]);
  if (outcome?.ok !== true) throw new Error('A create was refused.', { cause: outcome });
  return { session, serial: outcome.receipt.serial, acknowledged: 0 };
}

/** Appends until it is told to stop, or the server is gone. */
async function write(engine: Engine, answer: Answer, isOver: () => boolean): Promise<void> {
  const { session, serial } = answer;
  while (!isOver()) {
    const offset = answer.acknowledged * DELTA.length;
    const [outcome] = await engine.commit(session, PUBLISHER, [
      { action: 'append', serial, data: DELTA, offset },
    ]);
    if (outcome?.ok !== true) return;
    answer.acknowledged += 1;
  }
}

for (const [name, settings] of Object.entries(SETTINGS)) {
  const server = await startRedis(settings);
  const client = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => 50 });
  client.on('error', () => {});
  const engine = createRedisEngine({ client, timeoutMs: 4000 });
  const answers = await Promise.all(
    Array.from({ length: WRITERS }, (_, index) => open(engine, `session ${index}`)),
  );
  const started = performance.now();
  let seconds = 0;
  const isOver = (): boolean => seconds > 0;
  const writing = Promise.allSettled(answers.map((answer) => write(engine, answer, isOver)));
  await new Promise((resolve) => setTimeout(resolve, MILLISECONDS));
  const total = answers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  const perSecond = total / ((performance.now() - started) / 1000);
  // In the middle of it all.
  await server.kill();
  seconds = MILLISECONDS / 1000;
  await writing;
  await engine.close();
  client.disconnect();

  await server.start();
  const again = new Redis(server.url);
  const reader = createRedisEngine({ client: again });
  const lost = await Promise.all(
    answers.map(async ({ session, serial, acknowledged }) => {
      const message = await reader.message(session, serial);
      const stored = typeof message?.data === 'string' ? message.data.length / DELTA.length : 0;
      return Math.max(0, acknowledged - stored);
    }),
  );
  const gone = lost.reduce((sum, each) => sum + each, 0);
  console.log(`${name}: ${perSecond.toFixed(0)} appends/s; of those with a receipt a kill took ${gone} away`);
  await reader.close();
  again.disconnect();
  await server.close();
}
