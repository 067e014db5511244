import { expect, it, vi } from 'vitest';
import type { Channel, Delivery, FollowEvent, Position } from '../src/index.ts';
import { createChannelFold, followChannel } from '../src/index.ts';
import { createMemoryChannels } from '../src/memory.ts';

/** A channel that delivers nothing but what the test says. */
function createSilentChannel() {
  const channel = createMemoryChannels({ clientId: 'ada' }).channel('c');
  const listeners = new Set<(delivery: Delivery) => void>();
  const silent: Channel = {
    ...channel,
    subscribe: (listener) => {
      listeners.add(listener);
      return channel.subscribe(() => {});
    },
  };
  const gap = (position: Position): void => {
    for (const listener of listeners) listener({ kind: 'gap', position });
  };
  const head = async (): Promise<Position> => {
    const subscription = await channel.subscribe(() => {});
    subscription.close();
    return subscription.start;
  };
  return { silent, gap, head };
}

it('P23 a gap that comes just as another has been repaired is repaired as well', async () => {
  for (let ticks = 0; ticks < 40; ticks += 1) {
    const { silent, gap, head } = createSilentChannel();
    const fold = createChannelFold();
    const following = followChannel(silent, (event) => {
      if (event.kind === 'page') for (const message of event.messages) fold.add(message);
    });
    await following.ready;
    const before = await head();
    await silent.publish({ action: 'create', draft: { id: 'm', name: 'note', data: '' } });
    const after = await head();
    gap(before);
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    gap(after);
    await vi.waitFor(() => expect(fold.messages(), `after ${ticks} ticks`).toHaveLength(1), { interval: 1 });
    following.close();
  }
});

it('P28 reading again what is loaded loses sight of nothing that is still there', async () => {
  const channel = createMemoryChannels({ clientId: 'ada' }).channel('c');
  await channel.publish({ action: 'create', draft: { id: 'old', name: 'note', data: '' } });
  const events: FollowEvent[] = [];
  const following = followChannel(channel, (event) => void events.push(event));
  await following.ready;
  await channel.publish({ action: 'create', draft: { id: 'm', name: 'note', data: '' } });
  await vi.waitFor(() => expect(events.at(-1)?.kind).toBe('delivery'));
  following.repair();
  await vi.waitFor(() => expect(events.at(-1)?.kind).toBe('live'));
  expect(events.map(({ kind }) => kind)).toEqual(['page', 'live', 'delivery', 'gap', 'page', 'live']);
  expect(events.at(-1)).toEqual({ kind: 'live', vanished: [] });
  following.close();
});
