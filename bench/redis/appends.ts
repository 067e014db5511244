// Appends per second of 64 writers, each in a session of its own that somebody follows, against loops over the same client:
// a script that only stores and publishes, and the engine's own script. `npx tsx bench/redis/appends.ts`
import { createHash } from 'node:crypto';
import type { Serial } from '@holdfast/channel';
import { decodeVersion } from '@holdfast/channel/engine';
import { createRedisEngine } from '@holdfast/redis';
import { keyOf } from '../../packages/redis/src/engine/keys.ts';
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

/** The engine's own script with the arguments that the engine gives it, and nobody who reads what it says. */
async function commitWriters(connection: Connection, heard: () => void): Promise<Subject> {
  const { sha, source, keys: names } = SCRIPTS.commit;
  const engine = createRedisEngine({ client: connection.client });
  const [life = ''] = /master_replid:\w{16}/.exec(await connection.info()) ?? [];
  const known = life.slice(-16);
  const writers: Step[] = [];
  for (let index = 0; index < WRITERS; index += 1) {
    const channel = `session ${index}`;
    const keys = names.map((name) => keyOf('holdfast:', channel, name));
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
      const job = ['client:agent', '', '1', 'a', serial, DELTA, String(DELTA.length), String(length)];
      const values = [known, `${1 << 20} 0 0`, '1', ...job];
      await connection.evalSha(sha, keys, values);
      length += DELTA.length;
      if (length >= ANSWER * DELTA.length) serial = '';
    });
  }
  await connection.eval(
    source,
    names.map((name) => keyOf('holdfast:', 'x', name)),
    ['', '1 0 0', '0'],
  );
  return { writers, close: () => engine.close() };
}

const KINDS = { 'bare script': bareWriters, 'its own script alone': commitWriters, engine: engineWriters };

for (const library of LIBRARIES) {
  const subjects = await Promise.all(
    Object.entries(KINDS).map(async ([kind, prepare]) => {
      const server = await startRedis({ appendfsync: 'everysec' });
      const connection = await open(library, server.url);
      const subject = await prepare(connection, () => {});
      await measure(subject.writers);
      const rates: number[] = [];
      const times: number[] = [];
      return { ...subject, kind, server, connection, rates, times };
    }),
  );
  // In turns, so that what else the machine does falls on all of them.
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { writers, rates, times } of subjects) {
      const taken = await measure(writers);
      rates.push(taken.length);
      for (const time of taken) times.push(time);
    }
  const [bare = 1, own = 1, engine = 0] = subjects.map(({ rates }) => at(rates, 0.5));
  for (const { kind, rates, times, close, connection, server } of subjects) {
    const figures = [at(rates, 0.5).toFixed(0), at(times, 0.5).toFixed(2), at(times, 0.99).toFixed(2)];
    console.log(`${library}, ${kind}: ${figures[0]} appends/s, p50 ${figures[1]} ms, p99 ${figures[2]} ms`);
    await close();
    connection.close();
    await server.close();
  }
  console.log(
    `${library}: ${(engine / bare).toFixed(2)} of the bare script, ${(engine / own).toFixed(2)} of its own`,
  );
}
