import type { MessageId } from '@holdfast/core';
import { createMemoryStore, durableOutbox } from '@holdfast/core/outbox';
import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import { expect, test } from 'vitest';
import { answer, createModel } from './model.ts';
import { createScene, lines, settled, soon, type Scene, type TabOptions } from './scene.ts';

/** Pages of one browser, each on a line of its own. */
function openBrowser(scene: Scene) {
  const store = createMemoryStore();
  return async (isOffline: boolean, options: TabOptions = {}) => {
    let line: FaultyChannels | undefined;
    let heal = (): void => {};
    const tab = await scene.tab({
      device: 'laptop',
      outbox: durableOutbox({ store, locks: undefined }),
      ready: !isOffline,
      over(channels) {
        line = withFaults(channels, { seed: 1 });
        if (isOffline) heal = line.cut();
        return line;
      },
      ...options,
    });
    return {
      ...tab,
      store,
      cut: () => void (heal = line?.cut() ?? heal),
      heal: () => heal(),
    };
  };
}

function say(chat: { sendMessage(message: { text: string }): Promise<void> }, text: string): void {
  chat.sendMessage({ text }).catch(() => {});
}

test('a chat that was reloaded offline shows what waits, takes more, and all of it is answered', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('First.'), answer('Second.'), answer('Third.')) });
  const open = openBrowser(scene);
  const before = await open(false);
  await before.chat.sendMessage({ text: 'one' });
  await settled(before);
  before.cut();
  say(before.chat, 'two');
  await soon(() => expect(lines(before)).toEqual(['user: one', 'assistant: First.', 'user: two']));
  await expect.poll(async () => (await before.store.load(scene.name)).length).toBe(1);
  await before.session.close();

  const after = await open(true);
  await soon(() => expect(lines(after)).toEqual(['user: two']));
  say(after.chat, 'three');
  await soon(() => expect(lines(after)).toEqual(['user: two', 'user: three']));
  expect(after.session.snapshot.messages.map(({ delivery }) => delivery)).toEqual(['sending', 'sending']);
  after.heal();
  await soon(() => expect(after.session.snapshot.messages).toHaveLength(6));
  await settled(after);
  expect(lines(after)).toEqual([
    'user: one',
    'assistant: First.',
    'user: two',
    'assistant: Second.',
    'user: three',
    'assistant: Third.',
  ]);
  expect(after.errors).toEqual([]);
});

test('a message that is taken back leaves the chat, which is at rest then', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('Yes.')) });
  const tab = await openBrowser(scene)(false);
  tab.cut();
  say(tab.chat, 'never mind');
  await soon(() => expect(tab.session.snapshot.messages).toHaveLength(1));
  const [message] = tab.session.snapshot.messages;
  expect(message && (await tab.session.unsent?.withdraw(message.id))).toEqual({ outcome: 'withdrawn' });
  await soon(() => expect([tab.chat.status, lines(tab)]).toEqual(['ready', []]));
  tab.heal();
  say(tab.chat, 'this one');
  await soon(() => expect(lines(tab)).toEqual(['user: this one', 'assistant: Yes.']));
  expect(tab.errors).toEqual([]);
});

test('a message that has expired is the chat’s error, and its regenerate sends it', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('Yes.')) });
  const tab = await openBrowser(scene)(false, {
    outbox: durableOutbox({ store: createMemoryStore(), locks: undefined, expiryMs: 20 }),
  });
  tab.cut();
  say(tab.chat, 'hello');
  await soon(() => expect(tab.chat.error).toMatchObject({ name: 'SessionError', code: 'expired' }));
  expect(tab.chat.status).toBe('error');
  const id = tab.chat.messages[0]?.id as string as MessageId;
  expect(tab.session.message(id)?.delivery).toBe('failed');
  tab.heal();
  await soon(() => expect(tab.session.snapshot.status).toBe('live'));
  tab.chat.regenerate().catch(() => {});
  await soon(() => expect(lines(tab)).toEqual(['user: hello', 'assistant: Yes.']));
  expect(tab.chat.status).toBe('ready');
  expect(tab.session.message(id)?.delivery).toBe('sent');
});
