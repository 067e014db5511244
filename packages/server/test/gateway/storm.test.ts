import {
  createChannelFold,
  createRandomId,
  type Channel,
  type ChannelFold,
  type Channels,
  type Serial,
} from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import fc from 'fast-check';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { createWebSocketChannels, type Transport } from '@holdfast/websocket';
import { serve, type Gateway } from '../../src/index.ts';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';

// Two gateways over one engine, and networks that break at any moment: what was published is there once, in order, and
// readers know it.

interface Change {
  readonly act: 'create' | 'append' | 'update' | 'delete';
  readonly message: number;
  readonly text: string;
}
type Step =
  | Change
  | { readonly act: 'cut'; readonly whom: 'writer' | 'reader' | 'both' }
  | { readonly act: 'move' }
  | { readonly act: 'deafen' }
  | { readonly act: 'wait' };

const gateways: Gateway[] = [];
const engine = createMemoryEngine();

beforeAll(async () => {
  for (let count = 0; count < 2; count += 1) {
    gateways.push(
      await serve({
        engine,
        port: 0,
        host: '127.0.0.1',
        limits: { operationsPerSecond: 1e6 },
        // Whoever has a name is let in.
        authenticate: (token) => ({ clientId: token ?? 'nobody', capabilities: { '*': ['*'] } }),
      }),
    );
  }
});

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close({ drainMs: 0 })));
  await engine.close();
});

/** A client whose network can be cut, and led to the other gateway. */
interface Client {
  readonly channels: Channels;
  cut(): void;
  /** Loses what comes down for a moment, and then the connection: publishes take effect whose answers never come. */
  deafen(): Promise<void>;
  /** Leads to the other gateway. */
  move(): void;
  close(): Promise<void>;
}

async function openClient(clientId: string, transport: Transport, rollupMs: number): Promise<Client> {
  const [one, two] = await Promise.all(gateways.map(({ port }) => openTcpProxy(port ?? 0)));
  if (one === undefined || two === undefined) throw new Error('no gateways');
  let network = one;
  /** Asks for the way at each connection. */
  class Movable extends WebSocket {
    constructor() {
      super(`ws://127.0.0.1:${network.port}/holdfast`);
    }
  }
  const channels = createWebSocketChannels({
    url: `ws://127.0.0.1:${network.port}/holdfast`,
    token: clientId,
    WebSocket: Movable,
    transport,
    rollupMs,
    backoff: { firstMs: 0, maxMs: 2 },
  });
  return {
    channels,
    cut(): void {
      network.cut();
      network.restore();
    },
    async deafen() {
      network.hold();
      await pass(1);
      network.cut();
      network.restore();
    },
    move(): void {
      const last = network;
      network = network === one ? two : one;
      last.cut();
      last.restore();
    },
    async close(): Promise<void> {
      await channels.close();
      await Promise.all([one.close(), two.close()]);
    },
  };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constantFrom('create', 'append', 'append', 'append', 'append', 'update', 'delete'),
      message: fc.nat(2),
      text: fc.string({ minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('cut'), whom: fc.constantFrom('writer', 'reader', 'both') }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ act: 'wait' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ act: 'deafen' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ act: 'move' }) },
);

async function weather(
  { writer, reader }: { readonly writer: Client; readonly reader: Client },
  steps: readonly Step[],
  name: string,
): Promise<void> {
  const following = await follow(reader.channels.channel(name));
  try {
    const channel = writer.channels.channel(name);
    const expected = new Map<string, string>();
    const serials = new Map<string, Promise<Serial>>();
    const publishing: Promise<unknown>[] = [];
    const ids = new Map<number, string>();

    const act = (step: Change): void => {
      const id = ids.get(step.message);
      const data = id === undefined ? undefined : expected.get(id);
      if (step.act === 'create' || id === undefined || data === undefined) {
        const fresh = `m-${expected.size}`;
        ids.set(step.message, fresh);
        expected.set(fresh, step.text);
        const draft = { id: fresh, name: 'note', data: step.text };
        const made = channel
          .publish({ action: 'create', draft })
          .then(([receipt]) => serialOf(receipt?.serial));
        serials.set(fresh, made);
        publishing.push(made);
        return;
      }
      const change = async (): Promise<unknown> => {
        const serial = await serials.get(id);
        if (serial === undefined) throw new Error('no serial');
        switch (step.act) {
          case 'append':
            return channel.publish({ action: 'append', serial, data: step.text, offset: data.length });
          case 'update':
            return channel.publish({ action: 'update', serial, draft: { data: step.text } });
          default:
            return channel.publish({ action: 'delete', serial });
        }
      };
      if (step.act === 'append') expected.set(id, data + step.text);
      else expected.set(id, step.act === 'update' ? step.text : '');
      if (step.act === 'delete') ids.delete(step.message);
      publishing.push(change());
    };

    for (const each of steps) {
      if (each.act === 'wait') await pass(1);
      else if (each.act === 'deafen') await writer.deafen();
      else if (each.act === 'move') writer.move();
      else if (each.act === 'cut') {
        if (each.whom !== 'reader') writer.cut();
        if (each.whom !== 'writer') reader.cut();
      } else act(each);
    }
    await Promise.all(publishing);
    const { messages } = await channel.history({ limit: 1000 });
    expect(new Map(messages.map(({ id, data }) => [id, data]))).toEqual(expected);
    await vi.waitFor(() => expect(following.fold.messages()).toEqual(messages.toReversed()), {
      interval: 1,
      timeout: 5000,
    });
  } finally {
    following.close();
  }
}

/** What a reader knows, as the contract tells it to read. */
async function follow(channel: Channel): Promise<{ readonly fold: ChannelFold; close(): void }> {
  const fold = createChannelFold();
  const readBack = async (): Promise<void> => {
    for (const message of (await channel.history({ limit: 1000 })).messages) fold.add(message);
  };
  const subscription = await channel.subscribe((delivery) => {
    if (fold.apply(delivery).missing !== undefined)
      throw new Error(`no base for ${JSON.stringify(delivery)}`);
    if (delivery.kind === 'gap') void readBack();
  });
  await readBack();
  return { fold, close: () => subscription.close() };
}

function serialOf(serial: Serial | undefined): Serial {
  if (serial === undefined) throw new Error('no receipt');
  return serial;
}

it.each([
  ['WebSockets', 'websocket', 0, 400],
  ['WebSockets, with roll-up', 'websocket', 5, 400],
  ['HTTP', 'http', 0, 200],
] as const)(
  'I1 I3 I5 nothing is lost, doubled or out of order in a storm, over %s',
  async (_, transport, rollupMs, numRuns) => {
    const writer = await openClient('writer', transport, rollupMs);
    const reader = await openClient('reader', transport, rollupMs);
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), (steps) =>
          weather({ writer, reader }, steps, createRandomId()),
        ),
        { numRuns },
      );
    } finally {
      await Promise.all([writer.close(), reader.close()]);
    }
  },
  120_000,
);
