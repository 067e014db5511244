import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Message } from '@holdfast/channel';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { lastWordOf, textOf, type Acknowledged } from '@holdfast/testing/workload';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from '../open-engine.ts';
import { readAll, startFollower } from './follower.ts';

const ROUNDS = 10;

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const script = fileURLToPath(new URL('./writer.ts', import.meta.url));

const cluster = await startCluster();
afterAll(() => cluster.close());

type Writer = ChildProcessByStdio<Writable, Readable, null>;

/** Lets a process write, kills it after so many acknowledgements, and returns all that it has told. */
async function killAfter(round: number, count: number): Promise<readonly Acknowledged[]> {
  const writer: Writer = spawn(process.execPath, ['--import', loader, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let told = '';
  let lines = 0;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    lines += text.split('\n').length - 1;
    if (lines >= count) writer.kill('SIGKILL');
  });
  const closed = once(writer, 'close');
  writer.stdin.write(`${JSON.stringify({ url: cluster.url, round })}\n`);
  expect(await closed).toEqual([null, 'SIGKILL']);
  // The last line may have been cut; what it would have told was not told.
  const whole = told.slice(0, told.lastIndexOf('\n') + 1).split('\n');
  return whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Acknowledged);
}

/** Whether a message is what its writer was told, or what the writer asked for next. */
function checkMessage(message: Message | undefined, acknowledged: readonly Acknowledged[]): void {
  const changes = acknowledged.filter(({ action }) => action !== 'annotate');
  const last = changes.at(-1);
  if (message === undefined || last === undefined) throw new Error('An acknowledged message is gone.');
  expect(message.serial).toBe(acknowledged[0]?.receipt.serial);
  expect(message.version >= last.receipt.version).toBe(true);
  const { id, data, deleted } = message;
  if (deleted === true) expect(data).toBe('');
  else if (data !== lastWordOf(id)) {
    if (typeof data !== 'string') throw new Error('The data is no text.');
    expect(data).toBe(textOf(id, data.length));
    expect(data.length).toBeGreaterThanOrEqual(last.length);
    expect(last.action === 'create' || last.action === 'append').toBe(true);
  }
  if (acknowledged.some(({ action }) => action === 'annotate'))
    expect(message.annotations?.types).toMatchObject({ 'seen:flag.v1': { total: 1 } });
}

it(`I7 a killed writer loses nothing that it was told is stored, and who follows elsewhere has it (${ROUNDS} kills)`, async () => {
  const engine = await openEngine(cluster.pool(), 'holdfast', { pollMs: 200 });
  const channels = ['support', 'sales\ud83d\0'];
  const followers = [await startFollower(engine, 'support')];
  const counts = fc.sample(fc.integer({ min: 1, max: 300 }), ROUNDS);
  const acknowledged = new Map<string, Acknowledged[]>();
  let highest = '';
  for (const [round, count] of counts.entries()) {
    const told = await killAfter(round, count);
    // However its clock stands, a process issues no serial that lies below what there was.
    for (const { channel, receipt } of told)
      if (channel === 'support') expect(receipt.version > highest).toBe(true);
    for (const each of told) {
      const key = `${each.channel} ${each.id}`;
      acknowledged.set(key, [...(acknowledged.get(key) ?? []), each]);
      if (each.channel === 'support' && each.receipt.version > highest) highest = each.receipt.version;
    }
    for (const channel of channels) {
      const messages = new Map((await readAll(engine, channel)).map((message) => [message.id, message]));
      for (const each of acknowledged.values())
        if (each[0]?.channel === channel) checkMessage(messages.get(each[0].id), each);
    }
    for (const follower of followers) await follower.agrees();
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS);
  for (const follower of followers) {
    expect(follower.gaps).toBe(0);
    await follower.close();
  }
  await engine.close();
}, 120_000);
