import {
  createChannelFold,
  type ChannelFold,
  type Delivery,
  type Message,
  type Operation,
} from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { createDeliveryDecoder, parseDown, type DeliveryFrame } from '@holdfast/websocket/wire';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createGatewaySubscription } from '../../src/gateway/gateway-subscription.ts';
import { createOutlet } from '../../src/gateway/outlet.ts';
import { atEnd, openClient, openGateway } from './open-gateway.ts';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { createTestClock } from './test-clock.ts';

const MAX_BYTES = 400;
/** Of one message with its frame. */
const LARGEST = 400;

/** A reader behind a pipe that takes in only what it is told to, and what it makes of it. */
function openSlowReader() {
  const waiting: string[] = [];
  const decoder = createDeliveryDecoder();
  let fold: ChannelFold = createChannelFold();
  let most = 0;
  let gap = false;
  const buffered = (): number => waiting.reduce((sum, text) => sum + text.length, 0);
  const outlet = createOutlet({
    pipe: {
      send(text) {
        waiting.push(text);
        most = Math.max(most, buffered());
      },
      get buffered() {
        return buffered();
      },
    },
    bufferedBytes: MAX_BYTES,
    overflowed: () => {},
    sent: () => {},
  });
  return {
    outlet,
    get most() {
      return most;
    },
    /** After a gap: what history says. */
    repair(messages: readonly Message[]): boolean {
      if (!gap) return false;
      gap = false;
      for (const message of messages) fold.add(message);
      return true;
    },
    take(count: number): void {
      for (const text of waiting.splice(0, count)) {
        const parsed = parseDown(text);
        if (!parsed.ok) throw new Error(text);
        const delivery = decoder.decode(parsed.frame as DeliveryFrame)?.delivery;
        if (delivery === undefined) continue;
        if (delivery.kind === 'gap') {
          gap = true;
          fold = createChannelFold();
        } else if (fold.apply(delivery).missing !== undefined && !gap) throw new Error(`no base for ${text}`);
      }
      outlet.drained();
    },
    messages: () => fold.messages(),
    get idle() {
      return waiting.length === 0 && !outlet.congested;
    },
  };
}

describe('a slow reader', () => {
  it('I3 I9 never makes the gateway keep more than the limit and one message, and ends with everything', async () => {
    const step = fc.oneof(
      fc.record({
        act: fc.constant('publish' as const),
        message: fc.nat(3),
        text: fc.string({ maxLength: 120 }),
      }),
      fc.record({
        act: fc.constant('rewrite' as const),
        message: fc.nat(3),
        text: fc.string({ maxLength: 60 }),
      }),
      fc.record({ act: fc.constant('read' as const), count: fc.nat(6) }),
      fc.record({ act: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 50 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 40), fc.array(step, { maxLength: 60 }), async (rollupMs, steps) => {
        const channel = createMemoryChannels().channel('c');
        const clock = createTestClock();
        const reader = openSlowReader();
        const failures: unknown[] = [];
        const subscription = createGatewaySubscription({
          id: 1,
          channel,
          outlet: reader.outlet,
          rollupMs,
          clock,
          failed: (error) => failures.push(error),
          dropped: () => {},
        });
        reader.outlet.onRelief(() => subscription.resync());
        await subscription.open({});
        const serials = new Map<number, { readonly serial: Message['serial']; length: number }>();
        for (const each of steps) {
          if (each.act === 'read') reader.take(each.count);
          else if (each.act === 'pass') clock.pass(each.ms);
          else {
            const known = serials.get(each.message);
            const data = each.text.slice(0, 100);
            const long = (known?.length ?? 0) + data.length > 200;
            const operation: Operation =
              known === undefined
                ? { action: 'create', draft: { id: `m-${each.message}`, name: 'note', data } }
                : each.act === 'rewrite' || long
                  ? { action: 'update', serial: known.serial, draft: { data } }
                  : { action: 'append', serial: known.serial, data, offset: known.length };
            const [receipt] = await channel.publish(operation);
            if (receipt === undefined) throw new Error('no receipt');
            const base = operation.action === 'append' ? (known?.length ?? 0) : 0;
            serials.set(each.message, { serial: receipt.serial, length: base + data.length });
          }
        }
        const log = async () => (await channel.history()).messages.toReversed();
        await vi.waitFor(
          async () => {
            reader.take(100);
            clock.pass(50);
            reader.repair(await log());
            expect(reader.idle).toBe(true);
            expect(reader.messages()).toEqual(await log());
          },
          { interval: 0 },
        );
        expect(failures).toEqual([]);
        expect(reader.most).toBeLessThanOrEqual(MAX_BYTES + LARGEST);
        subscription.close();
      }),
      { numRuns: 1000 },
    );
  });

  it('over a real socket is told again from where it stands, and others are not held up', async () => {
    const engine = createMemoryEngine({ maxMessageBytes: 64 << 10 });
    const { url, port } = await openGateway({
      engine,
      limits: { bufferedBytes: 64 << 10, operationsPerSecond: 1e6 },
    });
    const network = await openTcpProxy(port ?? 0);
    atEnd(() => network.close());
    const slow = createChannelFold();
    const kinds: Delivery['kind'][] = [];
    const reader = openClient(`ws://127.0.0.1:${network.port}/holdfast`, 'reader').channel('c');
    await reader.subscribe((delivery) => {
      kinds.push(delivery.kind);
      slow.apply(delivery);
    });
    const writer = openClient(url, 'writer').channel('c');
    const [receipt] = await writer.publish({ action: 'create', draft: { id: 'a', name: 'note', data: '' } });
    if (receipt === undefined) throw new Error('no receipt');
    const { serial } = receipt;
    await vi.waitFor(() => expect(slow.get(serial)).toBeDefined());
    const release = network.hold();
    const block = 'x'.repeat(16_000);
    let published = 0;
    // Far more than sockets and kernel take in: the gateway must drop it.
    for (let round = 0; round < 600; round += 1) {
      await writer.publish({ action: 'update', serial, draft: { data: `${round}` } });
      await writer.publish({ action: 'append', serial, data: block, offset: `${round}`.length });
      published += block.length;
    }
    release();
    const [whole] = (await writer.history()).messages;
    await vi.waitFor(() => expect(slow.get(serial)).toEqual(whole));
    const metrics = await (await fetch(`http://127.0.0.1:${port}/holdfast/metrics`)).text();
    expect(metrics).toMatch(/^holdfast_slow_readers_total [1-9]/m);
    expect(kinds.filter((kind) => kind === 'append').length).toBeLessThan(600);
    expect(network.bytesDown).toBeLessThan(published);
  });
});
