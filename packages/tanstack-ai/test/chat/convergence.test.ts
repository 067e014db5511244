import type { Channels } from '@holdfast/channel';
import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import type { StreamChunk, UIMessage } from '@tanstack/ai/client';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toUIMessages } from '../../src/index.ts';
import { events, type Event } from '../codec/fold.ts';
import {
  call,
  finished,
  interrupt,
  interrupted,
  reasoning,
  result,
  started,
  text,
} from '../codec/streams.ts';
import { createScene, shown, type Tab } from './scene.ts';

type Act =
  | { readonly act: 'send'; readonly text: string }
  | {
      readonly act:
        'reload' | 'approve' | 'deny' | 'resubscribe' | 'cancel' | 'stop' | 'clear' | 'cut' | 'heal';
    };

interface Move {
  readonly tab: 0 | 1;
  readonly move: Act;
  /** What passes before, in milliseconds. */
  readonly after: number;
}

const send = fc.record({
  act: fc.constant('send' as const),
  text: fc.constantFrom('why?', 'pay', 'look it up', 'go on'),
});
const other = fc.constantFrom<Act['act']>(
  'reload',
  'approve',
  'approve',
  'deny',
  'resubscribe',
  'resubscribe',
  'cancel',
  'stop',
  'clear',
  'cut',
  'heal',
  'heal',
);
const act: fc.Arbitrary<Act> = fc.oneof(
  send,
  send,
  other.map((each) => ({ act: each }) as Act),
);
const move: fc.Arbitrary<Move> = fc.record({
  tab: fc.constantFrom(0 as const, 1 as const),
  move: act,
  after: fc.constantFrom(0, 0, 3, 10, 30, 100, 400),
});
const line = fc.record({
  seed: fc.integer(),
  delay: fc.constantFrom(0, 0.2),
  duplicate: fc.constantFrom(0, 0.2),
  conflate: fc.constantFrom(0, 0.2),
  drop: fc.constantFrom(0, 0.1),
  cut: fc.constantFrom(0, 0.1),
  lose: fc.constantFrom(0, 0.2),
});

interface Device extends Tab {
  readonly network: FaultyChannels;
}

const healers = new WeakMap<Device, () => void>();

function make(device: Device, { ...each }: Act): void {
  const { chat, connection, network } = device;
  switch (each.act) {
    case 'send':
      return void chat.sendMessage(each.text).catch(() => {});
    case 'reload':
      return void chat.reload().catch(() => {});
    case 'approve':
    case 'deny':
      if (chat.getInterrupts().length > 0) chat.resolveInterrupts(each.act === 'approve');
      return;
    case 'resubscribe':
      return chat.subscribe({ restart: true });
    case 'cancel':
      return void connection.cancel().catch(() => {});
    case 'stop':
      return chat.stop();
    case 'clear':
      return chat.clear();
    case 'cut':
      if (!healers.has(device)) healers.set(device, network.cut());
      return;
    case 'heal':
      healers.get(device)?.();
      healers.delete(device);
  }
}

const { setTimeout: startTimer } = globalThis;

/** Waits by the machine's clock. */
function really(ms: number): Promise<void> {
  return new Promise((resolve) => startTimer(resolve, ms));
}

/** Waits for something, while time passes. */
async function passing<T>(promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = promise.finally(() => (isDone = true));
  while (!isDone) await vi.advanceTimersByTimeAsync(10);
  return done;
}

/** An answer at a model's pace; what it does follows from what was asked. */
async function* answer(prompt: readonly UIMessage[], run: string): AsyncGenerator<StreamChunk> {
  const last = prompt.at(-1);
  const asked = prompt.findLast(({ role }) => role === 'user')?.parts[0];
  const question = asked?.type === 'text' ? asked.content : '';
  const isDecided = last?.role === 'assistant';
  const words = (id: string): Event[] =>
    text(`${id}-${run}`, ...`You said: ${question}. That is so.`.split(/(?<= )/u));
  const script: readonly Event[] =
    question === 'pay' && !isDecided
      ? [
          started,
          ...text(`m-${run}`, 'Shall I?'),
          ...call(`c-${run}`, 'pay', '{"sum":7}'),
          interrupted(interrupt(`c-${run}`, 'approval')),
        ]
      : question === 'look it up'
        ? [
            started,
            ...reasoning('s1', 'Let me ', 'see.'),
            ...call(`l-${run}`, 'look', '{"up":', ' true}'),
            finished('tool_calls'),
            result(`l-${run}`, '"found"'),
            ...words('n'),
            finished(),
          ]
        : [started, ...words('n'), finished()];
  for (const event of events(script)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield event;
  }
}

function isAtRest({ chat, session }: Device): boolean {
  const { status, runs } = session.snapshot;
  const isBusy = runs.some((run) => ['queued', 'active', 'cancelling'].includes(run.status));
  return status === 'live' && !isBusy && !chat.getIsLoading();
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('whatever is done on two devices with bad lines, both chats come to show the session', async () => {
  const property = fc.asyncProperty(
    fc.tuple(line, line),
    fc.array(move, { minLength: 1, maxLength: 14 }),
    async (lines, moves) => {
      const scene = createScene();
      await passing(scene.agent({ stream: async (run) => answer(await run.prompt(), run.id) }));
      const devices: Device[] = [];
      for (const faults of lines) {
        const networks: FaultyChannels[] = [];
        const over = (channels: Channels): FaultyChannels => {
          const network = withFaults(channels, faults);
          networks.push(network);
          return network;
        };
        const tab = await passing(scene.tab({ over }));
        devices.push(...networks.map((network) => ({ ...tab, network })));
      }
      for (const { tab, move: each, after } of moves) {
        await vi.advanceTimersByTimeAsync(after);
        const device = devices[tab];
        if (device !== undefined) make(device, each);
      }
      for (const device of devices) make(device, { act: 'heal' });
      for (let turn = 0; turn < 400 && !devices.every(isAtRest); turn += 1) {
        await vi.advanceTimersByTimeAsync(100);
        // Digests of approvals come from another thread, which knows of no timers.
        if (turn > 40) await really(5);
      }
      await vi.advanceTimersByTimeAsync(2_000);
      // What a chat cleared by itself comes back with the list.
      for (const { chat } of devices) chat.subscribe({ restart: true });
      await vi.advanceTimersByTimeAsync(500);
      const [one, two] = devices.map(({ chat }) => shown(chat.getMessages()));
      for (const { chat, session } of devices) {
        expect(chat.getIsLoading()).toBe(false);
        expect(chat.getSessionGenerating()).toBe(false);
        expect(chat.getError()).toBeUndefined();
        expect(shown(chat.getMessages())).toEqual(shown(toUIMessages(session)));
      }
      expect(one).toEqual(two);
      await passing(scene.close());
    },
  );
  await fc.assert(property, { numRuns: 120 });
}, 120_000);
