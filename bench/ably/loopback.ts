// What a session's traffic costs on one machine: from an append to its delivery to somebody else, and how many appends a
// writer gets through that waits for none; over the Ably client and the emulator beside the gateway's own protocol, both on
// an engine in memory, all in one process. `npx tsx bench/ably/loopback.ts`
import { createAblyChannels } from '@holdfast/ably';
import { serveAbly } from '@holdfast/ably-emulator';
import type { Channel, Channels } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { serve } from '@holdfast/server';
import { createWebSocketChannels } from '@holdfast/websocket';
import { Realtime } from 'ably';
import WebSocket from 'ws';

const ROUNDS = 5;
const SINGLE = 400;
const PIPELINED = 4000;
const DELTA = ' token';

/** A writer and a reader on connections of their own. */
interface Subject {
  readonly name: string;
  /** Begins a message; appends go to it from now. */
  begin(): Promise<void>;
  append(): Promise<unknown>;
  /** Resolves when the reader has heard so many characters of it. */
  heard(length: number): Promise<void>;
  close(): Promise<void>;
}

interface Listener {
  reset(): void;
  hear(text: string): void;
  heard(length: number): Promise<void>;
}

function createListener(): Listener {
  let length = 0;
  let waiting: { readonly length: number; readonly resolve: () => void } | undefined;
  return {
    reset: () => void (length = 0),
    hear(text) {
      length += text.length;
      if (waiting !== undefined && length >= waiting.length) waiting.resolve();
    },
    heard: (wanted) =>
      new Promise((resolve) => {
        if (length >= wanted) resolve();
        else waiting = { length: wanted, resolve };
      }),
  };
}

async function overChannels(
  name: string,
  open: (clientId: string) => Channels,
  close: () => Promise<void>,
): Promise<Subject> {
  const all = [open('writer'), open('reader')] as const;
  const [writer, reader] = all.map((channels): Channel => channels.channel('bench'));
  if (writer === undefined || reader === undefined) throw new TypeError('no channels');
  const listener = createListener();
  await reader.subscribe((delivery) => {
    if (delivery.kind === 'append') listener.hear(delivery.data);
    // The create, which says nothing, or the text with the create where that was missed.
    else if (delivery.kind === 'message' && typeof delivery.message.data === 'string')
      listener.hear(delivery.message.data);
  });
  let begun = 0;
  let serial: Awaited<ReturnType<Channel['publish']>>[number]['serial'] | undefined;
  let offset = 0;
  return {
    name,
    async begin() {
      listener.reset();
      offset = 0;
      const draft = { id: `answer ${(begun += 1)}`, name: 'note', data: '' };
      const [receipt] = await writer.publish({ action: 'create', draft });
      serial = receipt?.serial;
    },
    append() {
      if (serial === undefined) throw new TypeError('not begun');
      offset += DELTA.length;
      return writer.publish({ action: 'append', serial, data: DELTA, offset: offset - DELTA.length });
    },
    heard: (length) => listener.heard(length),
    async close() {
      for (const each of all) await each.close();
      await close();
    },
  };
}

async function overGateway(): Promise<Subject> {
  const engine = createMemoryEngine();
  const gateway = await serve({
    engine,
    authenticate: (token = 'bench') => ({
      clientId: token,

      capabilities: { '*': ['*'] },
    }),
    limits: { operationsPerSecond: 1e9 },
    port: 0,
    host: '127.0.0.1',
  });
  const open = (clientId: string): Channels =>
    createWebSocketChannels({
      url: `ws://127.0.0.1:${gateway.port}/holdfast`,
      token: () => Promise.resolve(clientId),
      WebSocket,
      rollupMs: 0,
    });
  return overChannels('gateway', open, async () => {
    await gateway.close({ drainMs: 0 });
    await engine.close();
  });
}

async function overEmulator(useBinaryProtocol: boolean): Promise<Subject> {
  const emulator = await serveAbly();
  const clients: Realtime[] = [];
  const open = (clientId: string): Channels => {
    const client = new Realtime({ ...emulator.clientOptions, clientId, useBinaryProtocol, logLevel: 0 });
    clients.push(client);
    return createAblyChannels({ client, messagesPerSecond: Infinity });
  };
  return overChannels(`Ably adapter, ${useBinaryProtocol ? 'msgpack' : 'JSON'}`, open, async () => {
    for (const client of clients) client.close();
    await emulator.close();
  });
}

/** The Ably client by itself: what of it is the adapter's. */
async function overAblyAlone(): Promise<Subject> {
  const emulator = await serveAbly();
  const [writer, reader] = ['writer', 'reader'].map(
    (clientId) => new Realtime({ ...emulator.clientOptions, clientId, logLevel: 0 }),
  );
  if (writer === undefined || reader === undefined) throw new TypeError('no clients');
  const channel = writer.channels.get('bench');
  const listener = createListener();
  await channel.attach();
  await reader.channels.get('bench').subscribe(({ data }) => listener.hear(String(data)));
  let serial = '';
  return {
    name: 'Ably client alone, msgpack',
    async begin() {
      listener.reset();
      serial = (await channel.publish('note', '')).serials[0] ?? '';
    },
    append: () => channel.appendMessage({ serial, data: DELTA }),
    heard: (length) => listener.heard(length),
    async close() {
      writer.close();
      reader.close();
      await emulator.close();
    },
  };
}

/** One append after the other, each when the last was delivered: how long that took, in milliseconds. */
async function latencies(subject: Subject): Promise<readonly number[]> {
  await subject.begin();
  const times: number[] = [];
  for (let index = 1; index <= SINGLE; index += 1) {
    const started = performance.now();
    const heard = subject.heard(index * DELTA.length);
    const stored = subject.append();
    await heard;
    times.push(performance.now() - started);
    await stored;
  }
  return times;
}

/** Appends without waiting: how many per second until all are acknowledged and delivered. */
async function throughput(subject: Subject): Promise<number> {
  await subject.begin();
  const started = performance.now();
  const heard = subject.heard(PIPELINED * DELTA.length);
  const stored: Promise<unknown>[] = [];
  for (let index = 0; index < PIPELINED; index += 1) {
    stored.push(subject.append());
    // As a model's tokens come: each in a turn of its own.
    if (index % 10 === 9) await new Promise(setImmediate);
  }
  await Promise.all(stored);
  await heard;
  return PIPELINED / ((performance.now() - started) / 1000);
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

const subjects = [
  await overGateway(),
  await overEmulator(true),
  await overEmulator(false),
  await overAblyAlone(),
].map((subject) => ({ subject, times: [] as number[], rates: [] as number[] }));

// In turns, so that what else the machine does falls on all of them; the first is to warm up.
for (let round = 0; round <= ROUNDS; round += 1)
  for (const { subject, times, rates } of subjects) {
    const taken = await latencies(subject);
    const rate = await throughput(subject);
    if (round === 0) continue;
    times.push(...taken);
    rates.push(rate);
  }

for (const { subject, times, rates } of subjects) {
  const [p50, p99] = [at(times, 0.5), at(times, 0.99)].map((time) => time.toFixed(2));
  console.log(
    `${subject.name.padEnd(26)}  append to delivery p50 ${p50} ms, p99 ${p99} ms  ${at(rates, 0.5).toFixed(0).padStart(6)} pipelined appends/s`,
  );
  await subject.close();
}
