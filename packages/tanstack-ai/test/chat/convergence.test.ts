import {
  movesOf,
  openLine,
  passing,
  settling,
  twoLines,
  useFakeTime,
  type Line,
} from '@holdfast/testing/two-devices';
import type { StreamChunk, UIMessage } from '@tanstack/ai/client';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
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

interface Device extends Tab {
  readonly line: Line;
}

function make(device: Device, { ...each }: Act): void {
  const { chat, connection, line } = device;
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
      return line.cut();
    case 'heal':
      return line.heal();
  }
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

useFakeTime();

test('whatever is done on two devices with bad lines, both chats come to show the session', async () => {
  const property = fc.asyncProperty(twoLines, movesOf(act), async (lines, moves) => {
    const scene = createScene();
    await passing(scene.agent({ stream: async (run) => answer(await run.prompt(), run.id) }));
    const devices: Device[] = [];
    for (const faults of lines) {
      const line = openLine(faults);
      devices.push({ ...(await passing(scene.tab({ over: line.over }))), line });
    }
    for (const { tab, move: each, after } of moves) {
      await vi.advanceTimersByTimeAsync(after);
      const device = devices[tab];
      if (device !== undefined) make(device, each);
    }
    for (const device of devices) make(device, { act: 'heal' });
    await settling(() => devices.every(isAtRest));
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
  });
  await fc.assert(property, { numRuns: 120 });
}, 120_000);
