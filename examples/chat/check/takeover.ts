import type { RunId } from '@holdfast/core';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { Running } from './processes.ts';
import { QUESTION, type Stage } from './stage.ts';
import { until } from './until.ts';

export interface TakeoverOptions {
  /** Of the workers, in milliseconds. Default 1000. */
  readonly leaseMs?: number;
  /** Default 20. */
  readonly kills?: number;
}

/**
 * Two workers of one agent. Whichever answers is killed with SIGKILL, again and again, and another one finishes the
 * sentence; one is frozen until it was replaced, and then wakes up. Every device sees each answer grow, to the model's last
 * word.
 */
export async function takeover(
  stage: Stage,
  { leaseMs = 1000, kills = 20 }: TakeoverOptions = {},
): Promise<void> {
  const { say } = stage;
  await stage.server();
  say(stage.label);
  const workers = new Map<string, Running>();
  let hired = 0;
  const hire = async (): Promise<void> => {
    const worker = `worker-${(hired += 1)}`;
    workers.set(worker, await stage.agent({ worker, leaseMs }));
  };
  await Promise.all([hire(), hire()]);
  const laptop = await stage.open('laptop');
  const phone = await stage.open('phone');
  say(`two workers with a lease of ${leaseMs} ms, two devices`);

  const devices = [laptop, phone];
  const silences: number[] = [];
  let answers = 0;
  while (silences.length < kills || answers === 0) {
    const run = await ask(stage, devices);
    while (silences.length < kills && (await grown(laptop, run))) {
      await wait(Math.random() * 600);
      const name = writer(laptop, run);
      const worker = workers.get(name);
      if (worker === undefined || !isWriting(laptop, run)) break;
      workers.delete(name);
      await worker.kill('SIGKILL');
      const killed = performance.now();
      const replaced = hire();
      // What the dead one had sent is still on its way.
      await until(() => writer(laptop, run) !== name || !isWriting(laptop, run), 'another to take over');
      if (await grown(laptop, run)) silences.push(performance.now() - killed);
      await replaced;
    }
    await answered(stage, devices, run);
    answers += 1;
  }
  silences.sort((a, b) => a - b);
  const [median, longest] = [silences[kills >> 1] ?? 0, silences.at(-1) ?? 0].map(Math.round);
  say(`${kills} workers killed in ${answers} answers`);
  say(`${stage.label}: from a kill to the next word ${median} ms (median), ${longest} ms (longest)`);

  const run = await ask(stage, devices);
  await grown(laptop, run);
  const frozen = writer(laptop, run);
  const zombie = workers.get(frozen);
  zombie?.child.kill('SIGSTOP');
  await until(() => writer(laptop, run) !== frozen, 'another worker to take over');
  await grown(laptop, run);
  zombie?.child.kill('SIGCONT');
  say(`${frozen} was frozen, replaced, and woke up at ${stage.share(laptop, run)}`);
  await answered(stage, devices, run);
  const late = await stage.open('latecomer');
  await answered(stage, [late], run);
  say(`${stage.expected.length} characters on each device, and on one that came late`);
}

async function ask(stage: Stage, devices: readonly Client[]): Promise<RunId> {
  const [first] = devices;
  if (first === undefined) throw new Error('nobody is there to ask');
  const { run, stored } = first.session.send({ parts: [{ type: 'text', text: QUESTION, state: 'done' }] });
  await stored;
  for (const device of devices) stage.watch(device, run);
  return run;
}

async function answered(stage: Stage, devices: readonly Client[], run: RunId): Promise<void> {
  await stage.ended(devices, run, 'complete');
  for (const device of devices) stage.same(device, run, stage.expected);
}

function writer({ session }: Client, run: RunId): string {
  return session.run(run)?.agent?.clientId ?? '';
}

function isWriting({ session }: Client, run: RunId): boolean {
  const status = session.run(run)?.status;
  return status === 'active' || status === 'queued';
}

/** Waits until the answer has gone on; false where it is over instead. */
async function grown(client: Client, run: RunId): Promise<boolean> {
  const { length } = client.text(run);
  await until(() => client.text(run).length > length || !isWriting(client, run), 'the answer to go on');
  return isWriting(client, run);
}
