import type { Channels } from '@holdfast/channel';
import { withFaults } from '@holdfast/conformance/faults';
import type { StreamChunk } from '@tanstack/ai/client';
import type { JsonValue } from '@holdfast/codec';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { events, type Event } from '../codec/fold.ts';
import { finished, started, text } from '../codec/streams.ts';
import { createScene, lines, settled, soon, type Scene } from './scene.ts';

async function* stream(...list: readonly Event[]): AsyncGenerator<StreamChunk> {
  yield* events([started, ...list, ...text('m1', 'Done.'), finished()]);
}

/** An agent whose answers say these things of the state, one after the other. */
function states(scene: Scene, ...answers: readonly (readonly Event[])[]) {
  let count = 0;
  return scene.agent({
    stream() {
      count += 1;
      return stream(...(answers[count - 1] ?? []));
    },
  });
}

const snapshot = (value: Readonly<Record<string, JsonValue>>): Event => ({
  type: 'STATE_SNAPSHOT',
  snapshot: value,
});
const delta = (...steps: readonly object[]): Event => ({ type: 'STATE_DELTA', delta: steps });

test("an agent's state is the session's: everybody has it, in no message", async () => {
  const scene = createScene();
  await states(scene, [
    snapshot({ page: 4, doc: { title: 'A', tags: ['x'] } }),
    delta({ op: 'replace', path: '/page', value: 5 }, { op: 'add', path: '/doc/tags/-', value: 'y' }),
  ]);
  const [laptop, phone] = [await scene.tab(), await scene.tab({ user: 'ben' })];
  await laptop.chat.sendMessage('Write');
  await settled(laptop, phone);
  const wanted = { page: 5, doc: { title: 'A', tags: ['x', 'y'] } };
  const late = await scene.tab({ user: 'eve' });
  for (const { session, state } of [laptop, phone, late])
    await soon(() => expect([session.snapshot.state, state()]).toEqual([wanted, wanted]));
  expect(late.stateEvents).toMatchObject([{ type: 'STATE_SNAPSHOT', snapshot: wanted }]);
  await settled(laptop, phone, late);
  expect(lines(late)).toEqual(['user: Write', 'assistant: Done.']);
});

test('a snapshot takes away what it set before, and nothing of what others have set', async () => {
  const scene = createScene();
  await states(scene, [snapshot({ a: 1, b: 1 }), snapshot({ a: 2 }), snapshot({ a: 2, c: 1 })]);
  const [laptop, phone] = [await scene.tab(), await scene.tab({ user: 'ben' })];
  await phone.session.setState('theirs', true);
  await soon(() => expect(laptop.state()).toEqual({ theirs: true }));
  await laptop.chat.sendMessage('Write');
  await settled(laptop, phone);
  await soon(() => expect(phone.state()).toEqual({ theirs: true, a: 2, c: 1 }));
});

test('what somebody else writes reaches a chat at once, and is taken back where it is refused', async () => {
  const scene = createScene();
  let gate = Promise.resolve();
  const slow = { seed: 1, delay: 1, turn: () => gate };
  const laptop = await scene.tab({ over: (plain) => withFaults(plain, slow) });
  const phone = await scene.tab({ user: 'ben' });
  await laptop.session.setState('page', 1);
  await soon(() => expect(phone.state()).toEqual({ page: 1 }));
  let open = (): void => {};
  gate = new Promise((resolve) => (open = resolve));
  const refused = laptop.session.setState('page', 'x'.repeat(2 << 20));
  await soon(() => expect(laptop.state()['page']).toHaveLength(2 << 20));
  open();
  await expect(refused).rejects.toMatchObject({ code: 'too_large' });
  await soon(() => expect(laptop.state()).toEqual({ page: 1 }));
  expect(phone.state()).toEqual({ page: 1 });
  await laptop.session.setState('page', undefined);
  await soon(() => expect(phone.state()).toEqual({}));
  // A chat that subscribes anew hears that there is nothing left.
  phone.chat.subscribe({ restart: true });
  await soon(() => expect(phone.stateEvents.at(-1)).toMatchObject({ snapshot: {} }));
});

test('a value that is too large ends the run as an error', async () => {
  const scene = createScene();
  const errors: unknown[] = [];
  await scene.agent({
    onError: (error) => void errors.push(error),
    stream: () => stream(snapshot({ big: 'x'.repeat(2 << 20) })),
  });
  const laptop = await scene.tab();
  await laptop.chat.sendMessage('Write').catch(() => {});
  await soon(() => expect(laptop.session.snapshot.runs.map(({ status }) => status)).toEqual(['error']));
  expect(errors).toMatchObject([{ name: 'SessionError', code: 'too_large' }]);
  expect(laptop.session.snapshot.state).toEqual({});
});

test('a delta that does not fit changes nothing; the log keeps it', async () => {
  const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warnings.mockRestore());
  const scene = createScene();
  const unfit = delta({ op: 'replace', path: '/nowhere', value: 1 });
  await states(scene, [unfit]);
  const laptop = await scene.tab();
  await laptop.chat.sendMessage('Write');
  await settled(laptop);
  expect(laptop.stateEvents).toEqual([]);
  expect(laptop.session.snapshot.messages.at(-1)?.parts).toContainEqual({
    type: 'raw',
    of: 'tanstack-ai',
    chunk: unfit,
  });
  expect(warnings).toHaveBeenCalledWith('holdfast: a STATE_DELTA that fits no state');
});

const key = fc.constantFrom('a', 'b', 'c/d~e');
const value = fc.oneof(fc.nat(9), fc.record({ x: fc.nat(3) }), fc.constant(null));
const act = fc.oneof(
  fc.record({ by: fc.nat(2), key, value: fc.option(value, { nil: undefined, freq: 4 }) }),
  fc.record({ says: fc.dictionary(key, value, { maxKeys: 3 }) }),
  fc.record({
    changes: fc.array(fc.record({ op: fc.constantFrom('add', 'replace', 'remove'), key, value }), {
      maxLength: 2,
    }),
  }),
  fc.record({ restarts: fc.nat(2) }),
);
const line = fc.record({
  seed: fc.integer(),
  delay: fc.constantFrom(0, 0.3),
  duplicate: fc.constantFrom(0, 0.3),
  conflate: fc.constantFrom(0, 0.3),
  drop: fc.constantFrom(0, 0.2),
  cut: fc.constantFrom(0, 0.2),
  lose: fc.constantFrom(0, 0.2),
});

/** The shared state by the records alone. */
async function fold(channels: Channels, name: string): Promise<unknown> {
  const state = new Map<string, JsonValue>();
  const { messages } = await channels.channel(name).history({ limit: 1000 });
  for (const message of messages.toSorted((a, b) => (a.serial < b.serial ? -1 : 1))) {
    if (message.name !== 'state') continue;
    const { key: of, value: to } = message.data as { readonly key: string; readonly value?: JsonValue };
    if (to === undefined) state.delete(of);
    else state.set(of, to);
  }
  return Object.fromEntries(state);
}

test('chats, sessions and agents that write at once over bad lines come to the same state, that of the records', async () => {
  const says = fc.record({ lines: fc.tuple(line, line, line), acts: fc.array(act, { maxLength: 12 }) });
  await fc.assert(
    fc.asyncProperty(says, async ({ lines: faults, acts }) => {
      const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
      const scene = createScene();
      const told = acts.flatMap((each): Event[] => {
        if ('says' in each) return [snapshot(each.says)];
        if (!('changes' in each)) return [];
        const steps = each.changes.map(({ op, key: of, value: to }) => ({
          op,
          path: `/${of.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          value: to,
        }));
        return [delta(...steps)];
      });
      await scene.agent({ stream: () => stream(...told) });
      const tabs = await Promise.all(
        faults.map((each, n) =>
          scene.tab({ user: ['ada', 'ben', 'eve'][n] ?? 'ada', over: (plain) => withFaults(plain, each) }),
        ),
      );
      const [asking] = tabs;
      asking?.session.send({ parts: [{ type: 'text', text: 'Go' }] });
      const writes: Promise<unknown>[] = [];
      for (const each of acts) {
        if ('by' in each)
          writes.push(tabs[each.by]?.session.setState(each.key, each.value) ?? Promise.resolve());
        if ('restarts' in each) tabs[each.restarts]?.chat.subscribe({ restart: true });
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(writes);
      await soon(() =>
        expect(tabs.map(({ session }) => session.snapshot.runs.map(({ status }) => status))).toEqual(
          tabs.map(() => ['complete']),
        ),
      );
      const wanted = await fold(scene.connect('watcher'), scene.name);
      for (const { session, state } of tabs)
        await soon(() => expect([session.snapshot.state, state()]).toEqual([wanted, wanted]));
      await scene.close();
      warnings.mockRestore();
    }),
    { numRuns: 25 },
  );
}, 60_000);
