import type { Session } from '@holdfast/core';
import { createMemoryStore, durableOutbox, type OutboxStore } from '@holdfast/core/outbox';
import { expect, vi } from 'vitest';
import { answered, ask, lines, said, say, textOf, until } from './conversation.ts';
import { scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const soon = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 });

/** Ada's laptop: its tabs, one after the other, keep what is not sent in one store. */
async function openTab(stage: Stage, store: OutboxStore) {
  const channels = await stage.connect('ada');
  const outbox = durableOutbox({ store, locks: undefined });
  const session = await stage.session('ada', { channels, device: 'laptop', outbox });
  return { session, cut: () => stage.backend.cut(channels) };
}

function waits({ snapshot }: Session): readonly string[] {
  return snapshot.messages.flatMap(({ delivery, parts }) => (delivery === 'sent' ? [] : [textOf(parts)]));
}

/** What was asked, as the channel has it. */
async function asked(stage: Stage): Promise<number> {
  const channels = await stage.connect('reader');
  const { messages } = await channels.channel(stage.name).history({ limit: 100 });
  return messages.filter(({ name }) => name === 'input').length;
}

scenario('what is written offline is sent once and in order by the page that comes after', async (stage) => {
  await stage.agent(async (run) => run.pipe(say(`re: ${(await run.prompt()).at(-1)?.slice(6)}`)));
  const store = createMemoryStore();
  const first = await openTab(stage, store);
  const ben = await stage.session('ben');
  await ask(first.session, 'hello');
  const restore = first.cut();
  await until(first.session, () => first.session.snapshot.status === 'offline');
  const [, two] = ['one', 'two', 'three'].map((text) => first.session.send({ parts: said(text) }));
  expect(waits(first.session)).toEqual(['one', 'two', 'three']);
  expect(two && (await first.session.unsent?.withdraw(two.message))).toEqual({ outcome: 'withdrawn' });
  // The conversation goes on without her.
  await ask(ben, 'and I');
  await soon(async () => expect(await store.load(stage.name)).toHaveLength(2));
  await first.session.close();
  restore();

  const { session } = await openTab(stage, store);
  const all = ['hello', 'and I', 'one', 'three'];
  await soon(() =>
    expect(lines(session)).toEqual(all.flatMap((text) => [`user: ${text}`, `assistant: re: ${text}`])),
  );
  await soon(async () => expect(await store.load(stage.name)).toEqual([]));
  await soon(() => expect(lines(ben)).toEqual(lines(session)));
  expect(await asked(stage)).toBe(4);
});

scenario(
  'P30 a page that dies before it hears that a message is stored sends it no second time',
  async (stage) => {
    await stage.agent((run) => run.pipe(say('yes')));
    const store = createMemoryStore();
    // It dies before it can forget anything.
    const { session } = await openTab(stage, { ...store, remove: () => new Promise(() => {}) });
    const { run, stored } = session.send({ parts: said('once') });
    await stored;
    await answered(session, run);
    await session.close();
    expect(await store.load(stage.name)).toMatchObject([{ id: run, attempted: { after: null } }]);

    const after = await openTab(stage, store);
    await soon(async () => expect(await store.load(stage.name)).toEqual([]));
    expect(lines(after.session)).toEqual(['user: once', 'assistant: yes']);
    expect(await asked(stage)).toBe(1);
  },
);

scenario('a message that the server refuses stays, typed and in sight, over a reload', async (stage) => {
  await stage.agent((run) => run.pipe(say('yes')));
  const store = createMemoryStore();
  const { session } = await openTab(stage, store);
  const big = session.send({ parts: said('x'.repeat(70 << 10)) });
  await expect(big.stored).rejects.toMatchObject({ name: 'SessionError', code: 'refused' });
  await ask(session, 'smaller');
  await session.close();

  const after = await openTab(stage, store);
  await until(after.session, () => after.session.snapshot.messages.length === 3);
  expect(after.session.snapshot.messages.map(({ delivery }) => delivery)).toEqual(['sent', 'sent', 'failed']);
  expect(after.session.unsent?.find(big.message)).toMatchObject({ state: 'failed', code: 'too_large' });
  expect(after.session.snapshot.refusals).toMatchObject([{ record: big.run, code: 'too_large' }]);
  await expect(after.session.unsent?.resend(big.message).stored).rejects.toMatchObject({ code: 'refused' });
  expect(await after.session.unsent?.withdraw(big.message)).toEqual({ outcome: 'withdrawn' });
  expect(lines(after.session)).toEqual(['user: smaller', 'assistant: yes']);
  expect(await store.load(stage.name)).toEqual([]);
});
