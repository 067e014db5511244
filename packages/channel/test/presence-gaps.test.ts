import { expect, it, vi } from 'vitest';
import { createEngineChannels, createMemoryEngine, type Engine, type TailEvent } from '../src/engine.ts';
import type { PresenceEvent } from '../src/index.ts';

const ADA = { memberId: 'ada', clientId: 'ada', data: {} };
const BOB = { memberId: 'bob', clientId: 'bob', data: {} };

/** Names of those whom the last sync and what came after it tell of. */
function present(events: readonly PresenceEvent[]): readonly string[] {
  const names = new Set<string>();
  for (const event of events) {
    if (event.kind === 'sync') names.clear();
    if (event.kind === 'sync') for (const { memberId } of event.members) names.add(memberId);
    else if (event.kind === 'leave') names.delete(event.member.memberId);
    else names.add(event.member.memberId);
  }
  return [...names].toSorted();
}

it('what is missed before a tail has begun is in the first sync', async () => {
  const engine = createMemoryEngine();
  await engine.enter('c', ADA);
  const early: Engine = {
    ...engine,
    tail(channel, listener) {
      listener({ kind: 'lost' });
      return engine.tail(channel, listener);
    },
  };
  const events: PresenceEvent[] = [];
  const watch = await createEngineChannels(early)
    .channel('c')
    .presence.subscribe((event) => events.push(event));
  expect(events.map(({ kind }) => kind)).toEqual(['sync']);
  expect(present(events)).toEqual(['ada']);
  watch.close();
});

it('what is missed while the members are read is read again, and nobody is a ghost', async () => {
  const engine = createMemoryEngine();
  let tell: (event: TailEvent) => void = () => {};
  let reads = 0;
  const lossy: Engine = {
    ...engine,
    async tail(channel, listener) {
      tell = listener;
      return engine.tail(channel, (event) => {
        // Of those who leave nobody hears.
        listener(event.kind === 'presence' && event.event.kind === 'leave' ? { kind: 'lost' } : event);
      });
    },
    async members(channel) {
      reads += 1;
      const members = await engine.members(channel);
      if (reads === 2) {
        await engine.enter('c', BOB);
        await engine.leave('c', 'bob');
        tell({ kind: 'lost' });
      }
      return members;
    },
  };
  const events: PresenceEvent[] = [];
  const watch = await createEngineChannels(lossy)
    .channel('c')
    .presence.subscribe((event) => events.push(event));
  await engine.enter('c', ADA);
  tell({ kind: 'lost' });
  await vi.waitFor(() => expect(reads).toBe(3));
  await vi.waitFor(() => expect(events.at(-1)?.kind).toBe('sync'));
  expect(present(events)).toEqual(['ada']);
  await engine.enter('c', BOB);
  await vi.waitFor(() => expect(present(events)).toEqual(['ada', 'bob']));
  watch.close();
});
