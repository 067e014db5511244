// Memory of Redis per idle session and per stored answer of 400 tokens. `npx tsx bench/redis/memory.ts`
import type { Serial } from '@holdfast/channel';
import { createRedisEngine } from '@holdfast/redis';
import type { Engine } from '@holdfast/channel/engine';
import { Redis } from 'ioredis';
import { startRedis } from './setting.ts';

const SESSIONS = 2000;
const TOKENS = 400;
/** 4.5 characters to a token, as English text has it. */
const TOKEN = ['tok ', 'tokn '] as const;

const publisher = { clientId: 'agent-of-somebody', connectionId: 'bench' };

async function create(engine: Engine, channel: string, id: string, data: string): Promise<Serial> {
  const draft = { id, name: 'output', data, headers: { run: id } };
  const [outcome] = await engine.commit(channel, publisher, [{ action: 'create', draft }]);
  if (outcome?.ok !== true) throw new Error('A create was refused.', { cause: outcome });
  return outcome.receipt.serial;
}

async function answer(engine: Engine, channel: string, id: string): Promise<void> {
  const serial = await create(engine, channel, id, '');
  let offset = 0;
  for (let token = 0; token < TOKENS; token += 1) {
    const data = TOKEN[token % 2] ?? '';
    await engine.commit(channel, publisher, [{ action: 'append', serial, data, offset }]);
    offset += data.length;
  }
}

const server = await startRedis({ appendonly: 'no' });
const client = new Redis(server.url);
const engine = createRedisEngine({ client });
const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
const name = (index: number): string => `session-${index.toString().padStart(8, '0')}`;
const each = async (work: (index: number) => Promise<unknown>): Promise<void> => {
  for (let first = 0; first < SESSIONS; first += 100)
    await Promise.all(Array.from({ length: 100 }, (_, index) => work(first + index)));
};

const empty = await used();
await each((index) => create(engine, name(index), 'question-0000000000000001', 'What is it? '.repeat(5)));
const asked = await used();
await each((index) => answer(engine, name(index), 'answer-0000000000000001'));
const answered = await used();
await each((index) => answer(engine, name(index), 'answer-0000000000000002'));
const twice = await used();

const report = (what: string, bytes: number): void =>
  console.log(`${what}: ${(bytes / SESSIONS).toFixed(0)} bytes`);
report('idle session with one short message', asked - empty);
report('first answer of 400 tokens (1800 characters)', answered - asked);
report('second answer of 400 tokens (1800 characters)', twice - answered);
const names = (await client.keys('*')).map((key) => key.slice(-2));
console.log(`keys per session: ${names.length / SESSIONS} (${[...new Set(names)].join(' ')})`);
await engine.close();
client.disconnect();
await server.close();
