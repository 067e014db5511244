import type { Channel, Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { withFaults } from '@holdfast/conformance/faults';
import { replayRunStream, type StreamChunk } from '@tanstack/ai';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { channelStream } from '../../src/durability.ts';
import { events, type Event } from '../codec/fold.ts';
import { finished, started, text } from '../codec/streams.ts';
import { produce, resume } from './readme.ts';

interface Opened {
  readonly channels: Channels;
  readonly connect: () => Channel;
  readonly cuttable: () => { readonly channel: Channel; readonly cut: () => () => void };
}

function open(): Opened {
  const engine = createMemoryEngine();
  onTestFinished(() => engine.close());
  const connect = () => {
    const channels = createMemoryChannels({ engine, clientId: 'server' });
    onTestFinished(() => channels.close());
    return channels;
  };
  return {
    channels: connect(),
    connect: () => connect().channel('run-1'),
    cuttable() {
      const channels = withFaults(connect(), { seed: 1 });
      return { channel: channels.channel('run-1'), cut: () => channels.cut() };
    },
  };
}

const STREAM: readonly Event[] = [
  started,
  ...text('m1', 'Lisbon ', 'has two ', 'airports: 😀\n\u001e'),
  finished(),
];
const CHUNKS = events(STREAM);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('what is appended is read from any offset on, by who was there and by who comes later', async () => {
  const { connect } = open();
  const writer = channelStream(connect());
  const live = collect(replayRunStream(channelStream(connect())));
  const offsets = [
    ...(await writer.append(CHUNKS.slice(0, 2))),
    ...(await writer.append(CHUNKS.slice(2, 3))),
    ...(await writer.append(CHUNKS.slice(3))),
  ];
  await writer.close();
  expect(offsets).toHaveLength(CHUNKS.length);
  expect(new Set(offsets).size).toBe(CHUNKS.length);
  expect(await live).toEqual(CHUNKS);
  for (const [at, offset] of offsets.entries()) {
    const rest = await collect(channelStream(connect()).read(offset));
    expect(rest).toEqual(CHUNKS.slice(at + 1).map((chunk, n) => ({ chunk, offset: offsets[at + 1 + n] })));
  }
});

test('a snapshot returns at once, also of a run that nobody began or that is open', async () => {
  const { connect } = open();
  expect(await channelStream(connect()).snapshot()).toEqual([]);
  const writer = channelStream(connect());
  const offsets = await writer.append([...CHUNKS]);
  const stored = await channelStream(connect()).snapshot();
  expect(stored).toEqual(CHUNKS.map((chunk, at) => ({ chunk, offset: offsets[at] })));
});

test('another process goes on with what one left', async () => {
  const { connect } = open();
  await channelStream(connect()).append(CHUNKS.slice(0, 3));
  const next = channelStream(connect());
  await next.append(CHUNKS.slice(3));
  await next.close();
  await next.close();
  expect(await collect(replayRunStream(channelStream(connect())))).toEqual(CHUNKS);
  await expect(channelStream(connect()).append([...CHUNKS])).rejects.toMatchObject({ code: 'conflict' });
});

test('a run that no message holds goes on in the next one', async () => {
  const { connect } = open();
  const channel = connect();
  const long: Event = { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'ü'.repeat(20_000) };
  const many = events(Array.from({ length: 40 }, () => long));
  const writer = channelStream(channel);
  const offsets: string[] = [];
  for (const chunk of many) offsets.push(...(await writer.append([chunk])));
  await writer.close();
  expect((await channel.history()).messages.length).toBeGreaterThan(1);
  const late = await collect(channelStream(connect()).read('-1'));
  expect(late.map(({ offset }) => offset)).toEqual(offsets);
});

test('a reader whose network is cut misses nothing and is told nothing twice', async () => {
  const { connect, cuttable } = open();
  const reader = cuttable();
  const read = collect(replayRunStream(channelStream(reader.channel)));
  const writer = channelStream(connect());
  await writer.append(CHUNKS.slice(0, 2));
  const heal = reader.cut();
  await writer.append(CHUNKS.slice(2, 4));
  heal();
  await writer.append(CHUNKS.slice(4));
  await writer.close();
  expect(await read).toEqual(CHUNKS);
});

test('who joins a run that nobody begins is told so; who gives up is left alone; a foreign offset is refused', async () => {
  const { connect } = open();
  const joining = collect(channelStream(connect(), { joinMs: 1 }).read('-1'));
  await expect(joining).rejects.toMatchObject({ code: 'not_found' });
  const controller = new AbortController();
  const waiting = collect(channelStream(connect()).read('-1', controller.signal));
  controller.abort();
  expect(await waiting).toEqual([]);
  await expect(collect(channelStream(connect()).read('7'))).rejects.toThrow(TypeError);
});

test("TanStack AI's own responses: a reader comes back where it was, as the README shows it", async () => {
  const readme = readFileSync(`${import.meta.dirname}/../../README.md`, 'utf8');
  expect(readme).toContain(readFileSync(`${import.meta.dirname}/readme.ts`, 'utf8'));
  const { channels } = open();
  async function* source(): AsyncGenerator<StreamChunk> {
    yield* CHUNKS;
  }
  const whole = await produce(channels, '1', source()).text();
  const [, offset = ''] = /^id: (.*)\ndata: .*Lisbon/mu.exec(whole) ?? [];
  const resumed = await resume(channels, '1', offset).text();
  expect(whole.endsWith(resumed)).toBe(true);
  expect(resumed).toContain('airports');
  expect(resumed).not.toContain('Lisbon');
});
