// Joining an answer of 10,000 deltas when it is over: bytes and time until a TanStack AI chat shows all of it, in a session and
// with TanStack AI's own ways to replay a run. `npx tsx bench/join/late.ts`
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { isEnded, openSession } from '@holdfast/core';
import { createConnection } from '@holdfast/tanstack-ai';
import { chatAgent } from '@holdfast/tanstack-ai/agent';
import {
  memoryStream,
  resumeServerSentEventsResponse,
  type StreamChunk,
  type StreamDurability,
} from '@tanstack/ai';
import { ChatClient } from '@tanstack/ai-client';
import { setImmediate as turn } from 'node:timers/promises';

const DELTAS = 10_000;
const RUNS = 3;
const NAME = 'bench';

const events = [
  { type: 'RUN_STARTED', runId: 'r1', threadId: 't1' },
  { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
  ...Array.from({ length: DELTAS }, (_, n) => ({
    type: 'TEXT_MESSAGE_CONTENT',
    messageId: 'm1',
    delta: n % 2 === 0 ? 'toke ' : 'n to ',
  })),
  { type: 'TEXT_MESSAGE_END', messageId: 'm1' },
  { type: 'RUN_FINISHED', runId: 'r1', threadId: 't1', finishReason: 'stop' },
] as unknown as readonly StreamChunk[];
const LENGTH = DELTAS * 5;

interface Joined {
  readonly bytes: number;
  readonly ms: number;
}

const engine = createMemoryEngine();
const connect = (clientId: string, role?: string) =>
  createMemoryChannels({ engine, clientId, ...(role !== undefined && { claims: { role } }) });

async function* stream(): AsyncGenerator<StreamChunk> {
  yield* events;
}

async function prepare(): Promise<void> {
  const agent = chatAgent({ channels: connect('bot', 'agent'), name: 'bot', stream });
  await agent.attend(NAME);
  const session = openSession({ channels: connect('ada'), name: NAME });
  await session.ready;
  const { run } = session.send({ parts: [{ type: 'text', text: 'Go on', state: 'done' }] });
  while (!isEnded(session.run(run)?.status ?? 'queued'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await session.close();
  await agent.close();
}

function shownIn(chat: ChatClient): number {
  const parts = chat.getMessages().flatMap((message) => message.parts);
  return parts.reduce((sum, part) => sum + (part.type === 'text' ? part.content.length : 0), 0);
}

async function joinSession(): Promise<Joined> {
  const channels = connect('eve');
  const { messages } = await channels.channel(NAME).history();
  const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);
  const started = performance.now();
  const session = openSession({ channels, name: NAME });
  const chat = new ChatClient({ connection: createConnection(session), threadId: NAME });
  chat.subscribe();
  while (shownIn(chat) < LENGTH) await turn();
  const ms = performance.now() - started;
  chat.dispose();
  await session.close();
  await channels.close();
  return { bytes, ms };
}

/** As `useChat` joins a run: the response is replayed through a chat's own connection. */
async function joinResponse(adapter: StreamDurability): Promise<Joined> {
  const started = performance.now();
  const response = resumeServerSentEventsResponse({ adapter });
  let bytes = 0;
  const decoder = new TextDecoder();
  async function* chunks(): AsyncGenerator<StreamChunk> {
    let rest = '';
    for await (const data of response.body ?? []) {
      bytes += data.byteLength;
      const lines = (rest + decoder.decode(data, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines)
        if (line.startsWith('data: {')) yield JSON.parse(line.slice(6)) as StreamChunk;
    }
  }
  const idle = new Promise<never>(() => {});
  const chat = new ChatClient({
    connection: {
      async *subscribe() {
        yield* chunks();
        await idle;
      },
      send: () => Promise.resolve(),
    },
    threadId: NAME,
  });
  chat.subscribe();
  while (shownIn(chat) < LENGTH) await turn();
  const ms = performance.now() - started;
  chat.dispose();
  return { bytes, ms };
}

async function report(what: string, join: () => Promise<Joined>): Promise<void> {
  const joined: Joined[] = [];
  for (let run = 0; run < RUNS; run += 1) joined.push(await join());
  const times = joined.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const kilobytes = ((joined[0]?.bytes ?? 0) / 1000).toFixed(1);
  console.log(
    `${what.padEnd(46)} ${kilobytes.padStart(8)} kB ${(times[RUNS >> 1] ?? 0).toFixed(1).padStart(9)} ms`,
  );
}

await prepare();
const memory = memoryStream({ runId: 'r1' });
await memory.append([...events]);
await memory.close();

console.log(`${DELTAS} deltas, ${LENGTH} characters; median of ${RUNS} joins`);
await report('session: one coalesced message', joinSession);
await report('TanStack AI, memoryStream: every chunk', () =>
  joinResponse(memoryStream({ runId: 'r1', offset: '-1' })),
);
await engine.close();
process.exit(0);
