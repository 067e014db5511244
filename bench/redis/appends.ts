// Appends per second of 64 writers, each in a session of its own that somebody follows, against loops over the same client
// that call a script for each append: one that only stores and publishes, and the engine's own. Also the processor time of
// an append, which tells more where the machine does other things too. `npx tsx bench/redis/appends.ts`
import { createHash } from 'node:crypto';
import type { Serial } from '@holdfast/channel';
import { decodeVersion } from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { keysOf } from '../../packages/redis/src/engine/keys.ts';
import { SCRIPTS } from '../../packages/redis/src/scripts/scripts.ts';
import { LIBRARIES, open, startRedis, type Connection } from './setting.ts';

const WRITERS = 64;
const ROUNDS = 7;
const DELTA = 'x'.repeat(80);
/** Answers of so many deltas, then a new one. */
const ANSWER = 400;

/** Stores, publishes, and nothing else. */
const BARE = `
redis.call('APPEND', KEYS[1], ARGV[1])
redis.call('SPUBLISH', KEYS[2], ARGV[1])
return redis.call('INCR', KEYS[3])`;

const PUBLISHER = { clientId: 'agent', connectionId: 'bench' };

type Step = () => Promise<unknown>;

interface Subject {
  readonly writers: readonly Step[];
  readonly close: () => Promise<void>;
}

/** Lets each writer take one step after the other for a second; returns how long each step took, in milliseconds. */
async function measure(writers: readonly Step[]): Promise<readonly number[]> {
  const times: number[] = [];
  const until = performance.now() + 1000;
  const run = async (step: Step): Promise<void> => {
    for (let start = performance.now(); start < until;) {
      await step();
      const end = performance.now();
      times.push(end - start);
      start = end;
    }
  };
  await Promise.all(writers.map(run));
  return times;
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

async function engineWriters({ client }: Connection, heard: () => void): Promise<Subject> {
  const engine = createRedisEngine({ client });
  const writers = Array.from({ length: WRITERS }, (_, index): Step => {
    let serial: Serial | undefined;
    let length = 0;
    let answers = 0;
    const channel = `session ${index}`;
    return async () => {
      const [outcome] = await engine.commit(channel, PUBLISHER, [
        serial === undefined
          ? { action: 'create', draft: { id: `answer ${(answers += 1)}`, name: 'output', data: '' } }
          : { action: 'append', serial, data: DELTA, offset: length },
      ]);
      if (outcome?.ok !== true) throw new Error('An append was refused.', { cause: outcome });
      length = serial === undefined ? 0 : length + DELTA.length;
      serial = length >= ANSWER * DELTA.length ? undefined : outcome.receipt.serial;
    };
  });
  for (let index = 0; index < WRITERS; index += 1) await engine.tail(`session ${index}`, heard);
  return { writers, close: () => engine.close() };
}

async function bareWriters(connection: Connection, heard: () => void): Promise<Subject> {
  const names = Array.from({ length: WRITERS }, (_, index) =>
    ['d', 'l', 't'].map((name) => `{${index}}:${name}`),
  );
  for (const [, channel = ''] of names) await connection.subscribe(channel, heard);
  await connection.eval(BARE, ['{0}:d', '{0}:l', '{0}:t'], [DELTA]);
  const sha = createHash('sha1').update(BARE).digest('hex');
  const writers = names.map(
    (keys): Step =>
      () =>
        connection.evalSha(sha, keys, [DELTA]),
  );
  return { writers, close: () => Promise.resolve() };
}

/** The engine's own script in such a loop: one call for each append, with the arguments that the engine gives it. */
async function ownWriters(connection: Connection, heard: () => void): Promise<Subject> {
  const { sha, source } = SCRIPTS.append;
  const engine = createRedisEngine({ client: connection.client });
  const [life = ''] = /master_replid:\w{16}/.exec(await connection.info()) ?? [];
  const known = life.slice(-16);
  const writers: Step[] = [];
  for (let index = 0; index < WRITERS; index += 1) {
    const channel = `session ${index}`;
    const keys = [...keysOf('holdfast:', channel, SCRIPTS.append.keys.slice(0, 3))];
    await connection.subscribe(keys[1] ?? '', heard);
    let serial = '';
    let length = 0;
    let answers = 0;
    writers.push(async () => {
      if (serial === '') {
        const draft = { id: `answer ${(answers += 1)}`, name: 'output', data: '' };
        const [outcome] = await engine.commit(channel, PUBLISHER, [{ action: 'create', draft }]);
        serial = outcome?.ok === true ? String(decodeVersion(outcome.receipt.serial)) : '';
        length = 0;
        return;
      }
      const append = ['client:agent', serial, DELTA, String(DELTA.length), String(length)];
      const answer = await connection.evalSha(sha, keys, [known, `${1 << 20} 0 0`, ...append]);
      if (String(answer).endsWith('[0]')) throw new Error('An append was refused.');
      length += DELTA.length;
      if (length >= ANSWER * DELTA.length) serial = '';
    });
  }
  await connection.eval(source, ['x', 'x', 'x'], ['', '1 0 0', '', '0', '', '0', '0']);
  return { writers, close: () => engine.close() };
}

/** What this process and Redis have used so far, in microseconds. */
async function used({ cpu }: Connection): Promise<readonly [client: number, server: number]> {
  const { user, system } = process.cpuUsage();
  const told = await cpu();
  const figure = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(told)?.[1]);
  return [user + system, 1e6 * (figure('used_cpu_user_main_thread') + figure('used_cpu_sys_main_thread'))];
}

const BARE_LOOP = 'a loop over a bare script, which only stores and publishes';
const OWN_LOOP = "a loop over the engine's own script, which also checks, deduplicates, folds and versions";
const KINDS = { [BARE_LOOP]: bareWriters, [OWN_LOOP]: ownWriters, 'the engine': engineWriters };

for (const library of LIBRARIES) {
  const subjects = await Promise.all(
    Object.entries(KINDS).map(async ([kind, prepare]) => {
      const server = await startRedis({ appendfsync: 'everysec' });
      const connection = await open(library, server.url);
      const subject = await prepare(connection, () => {});
      await measure(subject.writers);
      const rates: number[] = [];
      const times: number[] = [];
      const cpu = { client: 0, server: 0 };
      return { ...subject, kind, server, connection, rates, times, cpu };
    }),
  );
  // In turns, so that what else the machine does falls on all of them.
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { writers, rates, times, cpu, connection } of subjects) {
      const [client, server] = await used(connection);
      const taken = await measure(writers);
      const [clientAfter, serverAfter] = await used(connection);
      cpu.client += clientAfter - client;
      cpu.server += serverAfter - server;
      rates.push(taken.length);
      for (const time of taken) times.push(time);
    }
  const [bare = 1, own = 1, engine = 0] = subjects.map(({ rates }) => at(rates, 0.5));
  console.log(`\n${library}, ${WRITERS} writers`);
  for (const { kind, rates, times, cpu, close, connection, server } of subjects) {
    const [p50, p99] = [at(times, 0.5).toFixed(2), at(times, 0.99).toFixed(2)];
    const [client, redis] = [(cpu.client / times.length).toFixed(1), (cpu.server / times.length).toFixed(1)];
    console.log(`  ${kind}:`);
    console.log(
      `    ${at(rates, 0.5).toFixed(0)} appends/s, p50 ${p50} ms, p99 ${p99} ms; ${client} µs of the client, ${redis} µs of Redis each`,
    );
    await close();
    connection.close();
    await server.close();
  }
  console.log(
    `  the engine's appends per second over those of the bare script's loop: ${(engine / bare).toFixed(2)}`,
  );
  console.log(
    `  the engine's appends per second over those of its own script's loop: ${(engine / own).toFixed(2)}`,
  );
}
