// Appends per second on Postgres, with fsync: the engine, against a transaction with a NOTIFY in it for every append.
// npx tsx bench/postgres/appends.ts [seconds]
import { performance } from 'node:perf_hooks';
import type { Engine, Publisher } from '@holdfast/channel/engine';
import pg from 'pg';
import type { EngineOptions } from '../../packages/postgres/src/port.ts';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from '../../packages/postgres/test/open-engine.ts';

const SECONDS = Number(process.argv[2] ?? 5);
const AGENTS = 64;
const CONNECTIONS = 16;
const DELTA = ' and some more words, as a model says them, about as many as fit one frame of it';

/** A connection on which the engine's commit tells of itself. */
class NotifyingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (config: unknown, ...rest: unknown[]) => unknown;
    const told = (statement: unknown, ...rest: unknown[]): unknown =>
      query(isCommit(statement) ? { ...statement, text: withNotify(statement.text) } : statement, ...rest);
    Object.assign(this, { query: told });
  }
}

function isCommit(statement: unknown): statement is { readonly name: string; readonly text: string } {
  return (
    typeof statement === 'object' &&
    statement !== null &&
    'name' in statement &&
    typeof statement.name === 'string' &&
    statement.name.endsWith(' commit')
  );
}

function withNotify(text: string): string {
  const end = 'SELECT n FROM session';
  if (!text.endsWith(end)) throw new Error('The commit statement has changed.');
  return `${text.slice(0, -end.length)}SELECT n, pg_notify('each', id::text) FROM session`;
}

interface Measure {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Agents that each grow an answer, one append at a time or several, as fast as they are acknowledged. */
async function measure(engine: Engine, inFlight: number): Promise<Measure> {
  const times: number[] = [];
  const end = performance.now() + SECONDS * 1000;
  const agent = async (index: number): Promise<void> => {
    const publisher: Publisher = { clientId: `agent ${index}`, connectionId: `${index}` };
    const channel = `${inFlight} session ${index}`;
    for (let answer = 0; performance.now() < end; answer += 1) {
      const draft = { id: `${answer}`, name: 'output', data: '' };
      const [created] = await engine.commit(channel, publisher, [{ action: 'create', draft }]);
      if (created?.ok !== true) throw new Error('A create was refused.');
      const { serial } = created.receipt;
      const append = async (offset: number): Promise<void> => {
        const began = performance.now();
        const [outcome] = await engine.commit(channel, publisher, [
          { action: 'append', serial, data: DELTA, offset },
        ]);
        if (outcome?.ok !== true) throw new Error('An append was refused.');
        times.push(performance.now() - began);
      };
      for (let count = 0; count < 400 && performance.now() < end; count += inFlight)
        await Promise.all(
          Array.from({ length: inFlight }, (_, more) => append((count + more) * DELTA.length)),
        );
    }
  };
  await Promise.all(Array.from({ length: AGENTS }, (_, index) => agent(index)));
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { perSecond: times.length / SECONDS, p50: at(0.5), p99: at(0.99) };
}

/** The engine as it would be without gathering anything. */
const EACH: EngineOptions = { gatherMs: 1e6, groups: { sessions: 1, underWay: CONNECTIONS } };

const cluster = await startCluster({ settings: { fsync: 'on' } });
for (const inFlight of [1, 8]) {
  console.log(
    `${AGENTS} agents, ${inFlight} append(s) in flight and in a transaction each, ${CONNECTIONS} connections:`,
  );
  const reached: number[] = [];
  for (const [title, Client, options] of [
    ['a transaction of its own, with a NOTIFY', NotifyingClient, EACH],
    ['a transaction of its own', pg.Client, EACH],
    ['the engine', pg.Client, {}],
  ] as const) {
    const pool = cluster.pool({ max: CONNECTIONS + 1, Client });
    const engine = await openEngine(pool, 'holdfast', options);
    const { perSecond, p50, p99 } = await measure(engine, inFlight);
    await engine.close();
    reached.push(perSecond);
    const figures = `${perSecond.toFixed(0).padStart(6)} appends/s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms`;
    console.log(`  ${title.padEnd(40)} ${figures}`);
  }
  console.log(
    `  ${((reached.at(-1) ?? 0) / (reached[0] ?? 1)).toFixed(1)} times as many as with a NOTIFY in each transaction`,
  );
}
await cluster.close();
