import {
  movesOf,
  openLine,
  passing,
  settling,
  twoLines,
  useFakeTime,
  type Line,
} from '@holdfast/testing/two-devices';
import type { UIMessageChunk } from 'ai';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { toUIMessages } from '../../src/index.ts';
import { createScene, json, type Tab } from './scene.ts';

type Act =
  | { readonly act: 'send'; readonly text: string }
  | { readonly act: 'edit'; readonly at: number; readonly text: string }
  | { readonly act: 'regenerate'; readonly at: number | undefined }
  /** For everybody, or of this chat's stream only. */
  | { readonly act: 'stop' | 'detach' }
  | { readonly act: 'cut' | 'heal' };

const text = fc.constantFrom('why?', 'and then?', 'go on', 'no, the other one');
const at = fc.nat({ max: 9 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('send' as const), text }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('edit' as const), at, text }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('regenerate' as const), at: fc.option(at, { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom('stop' as const, 'detach' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('cut' as const, 'heal' as const) }) },
);

interface Device extends Tab {
  readonly line: Line;
}

function make(device: Device, move: Act): void {
  const { chat, sync, line } = device;
  const pick = (role: string, index: number): string | undefined => {
    const found = chat.messages.filter((message) => message.role === role);
    return found[index % Math.max(1, found.length)]?.id;
  };
  switch (move.act) {
    case 'send':
      return void chat.sendMessage({ text: move.text });
    case 'edit': {
      const messageId = pick('user', move.at);
      if (messageId !== undefined) void chat.sendMessage({ text: move.text, messageId });
      return;
    }
    case 'regenerate': {
      const messageId = move.at === undefined ? undefined : pick('assistant', move.at);
      if (messageId !== undefined) void chat.regenerate({ messageId });
      else if (chat.messages.length > 0) void chat.regenerate();
      return;
    }
    case 'stop':
      return void sync?.stop();
    case 'detach':
      return void chat.stop();
    case 'cut':
      return line.cut();
    case 'heal':
      return line.heal();
  }
}

/** An answer at a model's pace; the same words for the same run, whoever writes them. */
async function* answer(prompt: string): AsyncGenerator<UIMessageChunk> {
  yield { type: 'start' };
  yield { type: 'start-step' };
  yield { type: 'text-start', id: 't' };
  for (const delta of `You said: ${prompt}. That is so.`.split(/(?<= )/)) {
    await new Promise((resolve) => setTimeout(resolve, 7));
    yield { type: 'text-delta', id: 't', delta };
  }
  yield { type: 'text-end', id: 't' };
  yield { type: 'finish-step' };
  yield { type: 'finish', finishReason: 'stop' };
}

function isAtRest({ chat, session }: Device): boolean {
  const { status, runs } = session.snapshot;
  const isOver = runs.every((run) => ['complete', 'cancelled', 'error', 'lost'].includes(run.status));
  return status === 'live' && isOver && (chat.status === 'ready' || chat.status === 'error');
}

useFakeTime();

test('whatever is done on two devices with bad lines, both chats come to show the session', async () => {
  const property = fc.asyncProperty(twoLines, movesOf(act), async (lines, moves) => {
    const scene = createScene();
    const agent = scene.agent({
      async stream(run) {
        const prompt = await run.prompt();
        return answer(JSON.stringify(prompt.at(-1)?.content));
      },
    });
    await passing(agent);
    const devices: Device[] = [];
    for (const faults of lines) {
      const line = openLine(faults);
      devices.push({ ...(await passing(scene.tab({ over: line.over }))), line });
    }
    for (const { tab, move, after } of moves) {
      await vi.advanceTimersByTimeAsync(after);
      const device = devices[tab];
      if (device !== undefined) make(device, move);
    }
    for (const device of devices) make(device, { act: 'heal' });
    await settling(() => devices.every(isAtRest));
    await vi.advanceTimersByTimeAsync(2_000);
    const [one, two] = devices.map(({ chat }) => json(chat.messages));
    for (const { chat, session } of devices) {
      expect(chat.error).toBeUndefined();
      expect(chat.status).toBe('ready');
      expect(json(chat.messages)).toEqual(json(toUIMessages(session)));
    }
    expect(one).toEqual(two);
    for (const { attempts } of devices[0]?.session.snapshot.runs ?? []) expect(attempts).toBeLessThan(2);
    await passing(scene.close());
  });
  await fc.assert(property, { numRuns: 120 });
}, 120_000);
