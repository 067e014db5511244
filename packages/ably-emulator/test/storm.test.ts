import type { Message } from 'ably';
import { describe, expect, it } from 'vitest';
import { serveAbly } from '../src/index.ts';
import { connect } from './client.ts';

const COUNT = 2000;
const CUTS = 5;

describe.each([
  { swallowed: false, useBinaryProtocol: false, appendRollupWindowMs: 0 },
  { swallowed: true, useBinaryProtocol: false, appendRollupWindowMs: 0 },
  { swallowed: true, useBinaryProtocol: true, appendRollupWindowMs: 40 },
])(
  'sockets killed amid publishes and appends %o',
  ({ swallowed, useBinaryProtocol, appendRollupWindowMs }) => {
    it('loses, repeats and refuses nothing; the connection and its presence go on', async () => {
      const emulator = await serveAbly({ appendRollupWindowMs });
      const writer = connect(emulator, { useBinaryProtocol, clientId: 'writer' });
      const reader = connect(emulator, { useBinaryProtocol, clientId: 'reader' });
      const [own, other] = [writer.channels.get('room'), reader.channels.get('room')];

      const texts = new Map<string, string>();
      const names: string[] = [];
      await other.subscribe((message: Message) => {
        const { serial = '', data, action } = message;
        if (action === 'message.append') texts.set(serial, `${texts.get(serial)}${data}`);
        else texts.set(serial, data);
        if (action === 'message.create' && message.name === 'note') names.push(data);
      });
      const presence: string[] = [];
      await other.presence.subscribe(['enter', 'leave'], ({ action }) => void presence.push(action));
      await own.presence.enter('here');
      const { serials } = await own.publish('growing', '');
      const serial = serials[0] ?? '';

      const resumed: boolean[] = [];
      for (const channel of [own, other])
        channel.on(['attached', 'update'], (change) => void resumed.push(change.resumed));
      const ids = [writer, reader].map(({ connection }) => connection.id);
      const words = Array.from({ length: COUNT }, (_, index) => `w${index} `);
      const work: Promise<unknown>[] = [];
      let settled = 0;
      const count = (): void => void (settled += 1);
      for (let round = 0; round < CUTS; round += 1) {
        const part = words.slice((round * COUNT) / CUTS, ((round + 1) * COUNT) / CUTS);
        const target = settled + part.length / 2;
        for (const word of part)
          work.push(
            own.publish('note', word).then(count),
            own.appendMessage({ serial, data: word }).then(count),
          );
        // Amid the answers.
        await until(() => settled >= target);
        if (swallowed) {
          // From here it happens without an answer.
          emulator.faults.swallowAcks();
          await until(async () => (await other.history({ limit: 1000 })).items.length > target / 4);
        }
        expect(emulator.faults.cut()).toBe(2);
        await until(() => resumed.length === 2 * (round + 1));
      }
      await Promise.all(work);
      const text = words.join('');
      await until(() => names.length === COUNT && texts.get(serial) === text);

      expect(names).toEqual(words);
      const stored: (string | undefined)[] = [];
      let page = await other.history({ limit: 1000, direction: 'forwards' });
      for (;;) {
        stored.push(...page.items.map(({ data }) => data));
        const next = page.hasNext() ? await page.next() : null;
        if (next === null) break;
        page = next;
      }
      expect(stored).toEqual([text, ...words]);
      expect([writer, reader].map(({ connection }) => connection.id)).toEqual(ids);
      expect(resumed).toEqual(Array.from({ length: 2 * CUTS }, () => true));
      expect(presence).toEqual(['enter']);
      writer.close();
      reader.close();
      await emulator.close();
    }, 120_000);
  },
);

/** Looks again at every turn. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
