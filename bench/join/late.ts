// Joining an answer of 10,000 deltas late: bytes and time until a TanStack AI chat shows all of it, in a session, with TanStack AI's
// own way to replay a run, and with what others offer for that. The answer is over, but for `resumable-stream`, which has nothing
// to give of one that is. `npx tsx bench/join/late.ts`
import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { isEnded, openSession } from '@holdfast/core';
import { serve } from '@holdfast/server';
import { issueToken, verifyTokens } from '@holdfast/server/token';
import { createConnection } from '@holdfast/tanstack-ai';
import { chatAgent } from '@holdfast/tanstack-ai/agent';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { createWebSocketChannels } from '@holdfast/websocket';
import type { StreamChunk } from '@tanstack/ai';
import { ChatClient } from '@tanstack/ai-client';
import WebSocket from 'ws';
import { DELTAS, EVENTS, LENGTH, shownIn, type Joined } from './answer.ts';
import { openDurableStream, openMemoryStream, openResumableStream, type Peer } from './peers.ts';

const RUNS = 3;
const NAME = 'bench';
const SECRET = 'a secret for this benchmark only, of more than 32 bytes';

const engine = createMemoryEngine();
const connect = (clientId: string, role?: string) =>
  createMemoryChannels({ engine, clientId, ...(role !== undefined && { claims: { role } }) });

async function* stream(): AsyncGenerator<StreamChunk> {
  yield* EVENTS;
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

/** Milliseconds until a chat shows the answer, from when its session is opened. */
async function join(channels: Channels): Promise<number> {
  const started = performance.now();
  const session = openSession({ channels, name: NAME });
  const chat = new ChatClient({ connection: createConnection(session), threadId: NAME });
  chat.subscribe();
  await shownIn(chat);
  const ms = performance.now() - started;
  chat.dispose();
  await session.close();
  return ms;
}

async function joinSession(): Promise<Joined> {
  const channels = connect('eve');
  const { messages } = await channels.channel(NAME).history();
  const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);
  const ms = await join(channels);
  await channels.close();
  return { bytes, ms };
}

/** With the connection's opening, and all that comes over the wire. */
async function joinGateway(): Promise<Joined> {
  const gateway = await serve({ engine, authenticate: verifyTokens({ secret: SECRET }), port: 0 });
  const network = await openTcpProxy(gateway.port ?? 0);
  const channels = createWebSocketChannels({
    url: `ws://127.0.0.1:${network.port}/holdfast`,
    token: () => issueToken({ secret: SECRET, clientId: 'eve', capabilities: { '*': ['*'] }, ttl: 600 }),
    WebSocket,
  });
  const ms = await join(channels);
  const bytes = network.bytesDown;
  await channels.close();
  await gateway.close({ drainMs: 0 });
  await network.close();
  return { bytes, ms };
}

async function report(what: string, measure: () => Promise<Joined>, runs: number): Promise<void> {
  const joined: Joined[] = [];
  for (let run = 0; run < runs; run += 1) joined.push(await measure());
  const times = joined.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const kilobytes = ((joined[0]?.bytes ?? 0) / 1000).toFixed(1);
  console.log(
    `${what.padEnd(52)} ${kilobytes.padStart(8)} kB ${(times[runs >> 1] ?? 0).toFixed(1).padStart(9)} ms`,
  );
}

/** A chat takes a macrotask for every chunk, so that each peer joins once. One that can't be had here is said to be so. */
async function reportPeer(open: () => Promise<Peer>): Promise<void> {
  try {
    const peer = await open();
    await report(peer.name, () => peer.join(), 1);
    await peer.close();
  } catch (error) {
    console.log(`${open.name}: not measured: ${String(error)}`);
  }
}

await prepare();
console.log(`${DELTAS} deltas, ${LENGTH} characters; of a session the median of ${RUNS} joins`);
await report('session: one coalesced message, in process', joinSession, RUNS);
await report('session: one coalesced message, over a gateway', joinGateway, RUNS);
for (const open of [openMemoryStream, openResumableStream, openDurableStream]) await reportPeer(open);
await engine.close();
process.exit(0);
