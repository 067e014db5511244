import { createChannelFold, followChannel, type Message } from '@holdfast/channel';
import { createEngineChannels, type Engine } from '@holdfast/channel/engine';
import { expect, vi } from 'vitest';

/** Somebody who follows a session over one engine. */
export interface Follower {
  readonly gaps: number;
  /** Waits until its fold is what the engine has stored. */
  agrees(): Promise<void>;
  close(): Promise<void>;
}

export async function startFollower(engine: Engine, channel: string): Promise<Follower> {
  const channels = createEngineChannels(engine, { clientId: 'follower' });
  const fold = createChannelFold();
  let gaps = 0;
  let missing = 0;
  const following = followChannel(
    channels.channel(channel),
    (event) => {
      if (event.kind === 'page') for (const message of event.messages) fold.add(message);
      if (event.kind === 'gap') gaps += 1;
      if (event.kind !== 'delivery') return;
      if (fold.apply(event.delivery).missing !== undefined) missing += 1;
    },
    { pageSize: 1000 },
  );
  await following.ready;
  return {
    get gaps() {
      return gaps;
    },
    async agrees() {
      const stored = await readAll(engine, channel);
      await vi
        .waitUntil(() => JSON.stringify(fold.messages()) === JSON.stringify(stored), {
          timeout: 15_000,
          interval: 10,
        })
        .catch(() => expect(fold.messages()).toEqual(stored));
      // Text whose base it didn't have: a gap that nobody told of.
      expect(missing).toBe(0);
    },
    async close() {
      following.close();
      await channels.close();
    },
  };
}

/** Every message of a session, oldest first. */
export async function readAll(engine: Engine, channel: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let page = await engine.page(channel, { limit: 500 });
  messages.push(...page.messages);
  while (page.next !== undefined) {
    page = await engine.page(channel, { limit: 500, cursor: page.next });
    messages.push(...page.messages);
  }
  return messages.toReversed();
}

/** Whether what is stored is exactly what authors were told is stored. */
export function checkStored(
  messages: readonly Message[],
  authors: readonly ReadonlyMap<string, string>[],
): void {
  const written = new Map(authors.flatMap((each) => [...each]));
  expect(messages.length).toBe(written.size);
  for (const { id, data } of messages) expect(data).toBe(written.get(id));
  const serials = messages.map(({ serial }) => serial);
  expect(serials).toEqual([...new Set(serials)].toSorted());
}
