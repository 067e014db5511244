// Clients of a gateway, many in one process: viewers with a session and a connection each, and workers that append.
import { openSession } from '@holdfast/core';
import { issueToken } from '@holdfast/server/token';
import { createWebSocketChannels } from '@holdfast/websocket';
import type { Channel, Channels, Serial, Subscription } from '@holdfast/channel';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';
import { answerRequests } from './child.ts';
import { SECRET } from './setting.ts';

export interface View {
  readonly port: number;
  readonly sessions: readonly string[];
  /** Whether the viewers are present. */
  readonly present: boolean;
}

export interface Stream {
  readonly port: number;
  readonly sessions: readonly string[];
  /** For each session. */
  readonly appendsPerSecond: number;
  readonly seconds: number;
}

/** About five tokens. */
const DELTA = 'a word or two, then ';
const AT_ONCE = 25;
/** Appends of one answer that wait for their receipts. */
const IN_FLIGHT = 8;

const PING = Buffer.from('["ping"');

/** That came down, pings left away. */
let frames = 0;
class CountedWebSocket extends WebSocket {
  constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
    super(...parameters);
    this.on('message', (data: Buffer) => {
      if (!data.subarray(0, PING.length).equals(PING)) frames += 1;
    });
  }
}

function connect(port: number, clientId: string, role: string): Channels {
  return createWebSocketChannels({
    url: `ws://127.0.0.1:${port}/holdfast`,
    token: () =>
      issueToken({ secret: SECRET, clientId, claims: { role }, capabilities: { '*': ['*'] }, ttl: 600 }),
    WebSocket: CountedWebSocket,
    transport: 'websocket',
  });
}

async function view({ port, sessions, present }: View): Promise<void> {
  const open = async (name: string): Promise<void> => {
    const session = openSession({ channels: connect(port, 'ada', 'participant'), name });
    await session.ready;
    if (present) await session.enter({ device: 'laptop' });
  };
  for (let first = 0; first < sessions.length; first += AT_ONCE)
    await Promise.all(sessions.slice(first, first + AT_ONCE).map(open));
}

const workers = new Map<number, Channels>();

/** Appends to a message in each session, evenly over time. Resolves with how many appends were made. */
async function stream({ port, sessions, appendsPerSecond, seconds }: Stream): Promise<number> {
  const worker = workers.get(port) ?? connect(port, 'assistant', 'agent');
  workers.set(port, worker);
  const interval = 1000 / appendsPerSecond;
  const opened = await Promise.all(sessions.map((name) => openAnswer(worker.channel(name))));
  const until = performance.now() + seconds * 1000;
  const write = async ({ channel, serial }: Answer, delay: number): Promise<number> => {
    await wait(delay);
    const inFlight = new Set<Promise<unknown>>();
    let count = 0;
    // On a machine that is too busy for it an answer may break off.
    let broken = false;
    for (let due = performance.now(); !broken && due < until && performance.now() < until; due += interval) {
      await wait(Math.max(0, due - performance.now()));
      while (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
      const append = { action: 'append', serial, data: DELTA, offset: count * DELTA.length } as const;
      const sent = channel.publish(append).catch((error: unknown) => {
        if (!broken) console.error('An answer broke off:', error);
        broken = true;
      });
      inFlight.add(sent);
      void sent.then(() => inFlight.delete(sent));
      count += 1;
    }
    await Promise.all(inFlight);
    return count;
  };
  const counts = await Promise.all(
    opened.map((answer, index) => write(answer, (index / opened.length) * interval)),
  );
  for (const { subscription } of opened) subscription.close();
  return counts.reduce((sum, count) => sum + count, 0);
}

interface Answer {
  readonly channel: Channel;
  readonly serial: Serial;
  readonly subscription: Subscription;
}

/** As an agent does: it follows the session that it writes to. */
async function openAnswer(channel: Channel): Promise<Answer> {
  const subscription = await channel.subscribe(() => {});
  const draft = { id: `stream-${performance.now()}`, name: 'note', data: '' };
  const [receipt] = await channel.publish({ action: 'create', draft });
  if (receipt === undefined) throw new Error('A create got no receipt.');
  return { channel, serial: receipt.serial, subscription };
}

const requests = { view, stream, frames: () => frames };
export type ClientRequests = typeof requests;
answerRequests(requests);
