import { followChannel, createChannelFold } from '@holdfast/channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStage, type Stage } from './open-pair.ts';

const COUNT = 2000;
const CUTS = 5;

describe.each([
  { swallowed: false, useBinaryProtocol: false },
  { swallowed: true, useBinaryProtocol: true },
])('sockets killed amid creates and appends %o', ({ swallowed, useBinaryProtocol }) => {
  let stage: Stage;
  afterEach(() => stage.close());

  it('stores each create and each piece of text once, in order', async () => {
    stage = await openStage({ appendRollupWindowMs: 0 });
    const { client, channel } = await stage.join('ada', { useBinaryProtocol });
    const { channel: other } = await stage.join('bob', { useBinaryProtocol });
    const fold = createChannelFold();
    const following = followChannel(other, (event) => {
      if (event.kind === 'page') for (const message of event.messages) fold.add(message);
      if (event.kind === 'delivery') fold.apply(event.delivery);
    });
    await following.ready;
    const { id } = client.connection;

    const [growing] = await channel.publish({
      action: 'create',
      draft: { id: 'growing', name: 'note', data: '' },
    });
    const serial = growing?.serial;
    if (serial === undefined) throw new Error('no receipt');
    let offset = 0;
    let settled = 0;
    const words = Array.from({ length: COUNT }, (_, index) => `w${index} `);
    for (let round = 0; round < CUTS; round += 1) {
      const part = words.slice((round * COUNT) / CUTS, ((round + 1) * COUNT) / CUTS);
      const before = settled;
      const work = part.flatMap((word) => {
        const draft = { id: word.trim(), name: 'note', data: word };
        const calls = [
          channel.publish({ action: 'create', draft }),
          channel.publish({ action: 'append', serial, data: word, offset }),
        ];
        offset += word.length;
        return calls.map((call) => call.then(() => (settled += 1)));
      });
      await vi.waitUntil(() => settled > before + part.length / 4, { interval: 1 });
      if (swallowed) {
        const seen = settled;
        stage.emulator.faults.swallowAcks();
        // One more of ours has happened without an answer, since its echo still comes.
        await vi.waitUntil(() => fold.messages().length > seen / 2 || settled > seen, { interval: 1 });
      }
      stage.emulator.faults.cut();
      await Promise.all(work);
    }

    const text = words.join('');
    await vi.waitUntil(() => fold.get(serial)?.data === text && fold.messages().length === COUNT + 1, {
      timeout: 10_000,
    });
    expect(fold.messages().map(({ data }) => data)).toEqual([text, ...words]);
    expect(client.connection.id).toBe(id);
    following.close();
  });
});
