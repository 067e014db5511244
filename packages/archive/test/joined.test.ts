import type { Channels, Cursor, Message, Serial } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { openSession } from '@holdfast/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHttpArchive } from '../src/http.ts';
import { createMemoryArchive, withArchive, type ArchiveReader } from '../src/index.ts';

/** Channels whose oldest messages have expired: `kept` are left. */
function expiring(channels: Channels, kept: number): Channels {
  return {
    ...channels,
    channel(name) {
      const channel = channels.channel(name);
      return {
        ...channel,
        features: channel.features,
        async history(query) {
          const { messages } = await channel.history({ limit: 1000 });
          const lowest: Serial | undefined = messages[Math.max(0, kept - 1)]?.serial;
          const page = await channel.history(query);
          const left = kept === 0 ? [] : page.messages.filter(({ serial }) => serial >= (lowest ?? ''));
          const isLast = left.length < page.messages.length || page.next === undefined;
          return isLast ? { messages: left } : { messages: left, ...(page.next && { next: page.next }) };
        },
      };
    },
  };
}

async function readAll(channels: Channels, name: string, limit: number): Promise<readonly Message[]> {
  const all: Message[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await channels.channel(name).history({ limit, ...(cursor !== undefined && { cursor }) });
    expect(page.messages.length).toBeLessThanOrEqual(limit);
    all.push(...page.messages);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}

test('history and archive read as one log, wherever the channel ends and however it is paged', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 30 }),
      fc.nat({ max: 30 }),
      fc.nat({ max: 30 }),
      fc.integer({ min: 1, max: 12 }),
      async (count, kept, late, limit) => {
        const engine = createMemoryEngine();
        const channels = createMemoryChannels({ engine, clientId: 'ada' });
        const archive = createMemoryArchive();
        try {
          for (let n = 0; n < count; n += 1)
            await channels
              .channel('log')
              .publish({ action: 'create', draft: { id: `m${n}`, name: 'note', data: n } });
          const whole = await readAll(channels, 'log', 1000);
          // The archive may lag behind by what the channel still has.
          const saved = whole.slice(Math.min(late, kept));
          await archive.save(
            'log',
            saved.map((message) => ({ message, annotations: [] })),
          );
          const joined = withArchive(expiring(channels, kept), archive);
          expect(await readAll(joined, 'log', limit)).toEqual(whole);
        } finally {
          await channels.close();
          await engine.close();
        }
      },
    ),
    { numRuns: 300 },
  ));

test('a foreign cursor is refused', async () => {
  const joined = withArchive(createMemoryChannels(), createMemoryArchive());
  for (const cursor of ['nonsense', '{"in":"attic"}', '7'])
    await expect(joined.channel('log').history({ cursor: cursor as Cursor })).rejects.toMatchObject({
      code: 'invalid',
    });
});

test('while the archive fails, what the channel has is shown; what is older is refused, and comes when it can', async () => {
  const engine = createMemoryEngine();
  const channels = createMemoryChannels({ engine, clientId: 'ada' });
  const archive = createMemoryArchive();
  let isDown = true;
  const shaky: ArchiveReader = {
    read: (...query) => (isDown ? Promise.reject(new Error('no connection')) : archive.read(...query)),
    find: (...query) => archive.find(...query),
  };
  const draft = (n: number): { id: string; name: string; data: string } => ({
    id: `m${n}`,
    name: 'note',
    data: `${n}`,
  });
  for (let n = 0; n < 4; n += 1) await channels.channel('log').publish({ action: 'create', draft: draft(n) });
  const whole = await readAll(channels, 'log', 10);
  await archive.save(
    'log',
    whole.map((message) => ({ message, annotations: [] })),
  );
  const joined = withArchive(expiring(channels, 2), shaky).channel('log');
  const first = await joined.history({ limit: 10 });
  expect(first.messages).toEqual(whole.slice(0, 2));
  const older = { limit: 10, ...(first.next && { cursor: first.next }) };
  await expect(joined.history(older)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  isDown = false;
  expect((await joined.history(older)).messages).toEqual(whole.slice(2));
  isDown = true;
  const empty = withArchive(expiring(channels, 0), shaky);
  await expect(empty.channel('log').history()).rejects.toMatchObject({ code: 'unavailable' });
  // A session waits for it rather than show a conversation that seems to be new.
  const session = openSession({ channels: empty, name: 'log' });
  isDown = false;
  await session.ready;
  await session.close();
  await channels.close();
});

test('who may not read the archive is told so, and no session waits for it', async () => {
  const engine = createMemoryEngine();
  const channels = createMemoryChannels({ engine, clientId: 'ada' });
  const closed = createHttpArchive({
    url: () => 'http://archive/',
    fetch: async () => new Response('{}', { status: 403 }),
  });
  const joined = withArchive(channels, closed);
  await expect(joined.channel('log').history()).rejects.toMatchObject({ code: 'forbidden' });
  const session = openSession({ channels: joined, name: 'log' });
  await expect(session.ready).rejects.toMatchObject({ name: 'SessionError', code: 'forbidden' });
  await session.close();
  await channels.close();
  await engine.close();
});
