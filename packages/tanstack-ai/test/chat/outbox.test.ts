import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import { createMemoryStore, durableOutbox } from '@holdfast/core/outbox';
import { expect, test } from 'vitest';
import { answer, createModel } from '../model.ts';
import { createScene, lines, settled, soon } from './scene.ts';

test('what waits in the outbox after a reload is shown and answered when the network is back', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(answer('First.'), answer('Second.'), answer('Third.')) });
  const store = createMemoryStore();
  let line: FaultyChannels | undefined;
  let heal: (() => void) | undefined;
  const open = (isOffline: boolean) =>
    scene.tab({
      device: 'laptop',
      outbox: durableOutbox({ store, locks: undefined }),
      ready: !isOffline,
      over(channels) {
        line = withFaults(channels, { seed: 1 });
        heal = isOffline ? line.cut() : undefined;
        return line;
      },
    });
  const before = await open(false);
  await before.chat.sendMessage('one');
  line?.cut();
  before.chat.sendMessage('two').catch(() => {});
  await expect.poll(async () => (await store.load(scene.name)).length).toBe(1);
  await before.session.close();
  before.chat.dispose();

  const after = await open(true);
  await expect.poll(() => after.session.snapshot.messages.length).toBe(1);
  after.chat.sendMessage('three').catch(() => {});
  await expect.poll(async () => (await store.load(scene.name)).length).toBe(2);
  heal?.();
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
});
