import type { Channel, Delivery, JsonValue, PresenceEvent } from '@holdfast/channel';
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

  it('loses, repeats and refuses nothing; connections and presence go on', async () => {
    stage = await openStage({ appendRollupWindowMs: 0 });
    const parties = [
      await stage.join('ada', { useBinaryProtocol }),
      await stage.join('bob', { useBinaryProtocol }),
    ] as const;
    const [{ channel }, { channel: other }] = parties;
    const heard = await listen(other);
    const present: PresenceEvent[] = [];
    await other.presence.subscribe((event) => void present.push(event));
    await channel.presence.enter('here');

    const draft = { id: 'growing', name: 'growing', data: '' };
    const [growing] = await channel.publish({ action: 'create', draft });
    const serial = growing?.serial;
    if (serial === undefined) throw new Error('no receipt');

    const ids = parties.map(({ client }) => client.connection.id);
    const resumed: boolean[] = [];
    for (const { client } of parties)
      client.channels
        .get('holdfast:room')
        .on(['attached', 'update'], (change) => void resumed.push(change.resumed));
    let offset = 0;
    let settled = 0;
    const words = Array.from({ length: COUNT }, (_, index) => `w${index} `);
    for (let round = 0; round < CUTS; round += 1) {
      const part = words.slice((round * COUNT) / CUTS, ((round + 1) * COUNT) / CUTS);
      const before = settled;
      const work = part.flatMap((word) => {
        const calls = [
          channel.publish({ action: 'create', draft: { id: word, name: 'note', data: word } }),
          channel.publish({ action: 'append', serial, data: word, offset }),
        ];
        offset += word.length;
        return calls.map((call) => call.then(() => (settled += 1)));
      });
      await vi.waitUntil(() => settled > before + part.length / 4, { interval: 1, timeout: 60_000 });
      if (swallowed) {
        stage.emulator.faults.swallowAcks();
        // Something has happened that had no answer.
        await vi.waitUntil(() => heard.words() > settled, { interval: 1, timeout: 60_000 });
      }
      expect(stage.emulator.faults.cut()).toBe(2);
      // Whatever is refused rejects.
      await Promise.all(work);
      await vi.waitUntil(() => resumed.length === 2 * (round + 1), { interval: 1, timeout: 60_000 });
    }

    const text = words.join('');
    await vi.waitUntil(() => heard.text() === text && heard.notes.length === COUNT, { timeout: 60_000 });
    expect(heard.notes).toEqual(words);
    expect(heard.wrong).toEqual([]);
    expect(await stored(other)).toEqual([text, ...words]);
    expect(parties.map(({ client }) => client.connection.id)).toEqual(ids);
    expect(resumed).toEqual(Array.from({ length: 2 * CUTS }, () => true));
    expect(present.map(({ kind }) => kind)).toEqual(['sync', 'enter']);
  }, 120_000);
});

/** What is delivered, word by word: nothing here would hide what comes twice. */
async function listen(channel: Channel) {
  const notes: JsonValue[] = [];
  const wrong: Delivery[] = [];
  let text = '';
  await channel.subscribe((delivery) => {
    if (delivery.kind === 'append' && delivery.offset === text.length) {
      text += delivery.data;
    } else if (delivery.kind === 'message') {
      const { name, data } = delivery.message;
      if (name === 'note') notes.push(data);
      // Whole where it could not be told in pieces: it never takes anything back.
      else if (typeof data === 'string' && data.startsWith(text)) text = data;
      else wrong.push(delivery);
    } else wrong.push(delivery);
  });
  return { notes, wrong, text: () => text, words: () => notes.length + text.split(' ').length - 1 };
}

/** The data of all messages, oldest first. */
async function stored(channel: Channel): Promise<readonly JsonValue[]> {
  const found: JsonValue[] = [];
  let page = await channel.history({ limit: 1000 });
  for (;;) {
    found.push(...page.messages.map(({ data }) => data));
    if (page.next === undefined) return found.toReversed();
    page = await channel.history({ limit: 1000, cursor: page.next });
  }
}
