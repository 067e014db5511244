import type { JsonValue } from '@holdfast/channel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { project } from './dump.ts';
import { ANN, BEN, createScript, serial, W } from './session-script.ts';

type Write =
  | { readonly who: 'ann' | 'ben'; readonly key: string; readonly value: number | undefined }
  /** A checkpoint of what stood so many records ago. */
  | { readonly back: number };

const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      who: fc.constantFrom('ann' as const, 'ben' as const),
      key: fc.constantFrom('a', 'b', '__proto__'),
      value: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ back: fc.nat({ max: 6 }) }) },
);

test('P25 checkpoints lose no write, and make the older ones needless, however late they are stored', () => {
  fc.assert(
    fc.property(fc.array(anyWrite, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (writes, random) => {
      const script = createScript();
      const state = new Map<string, JsonValue>();
      let base = '';
      for (const [n, write] of writes.entries()) {
        if ('back' in write) {
          const upTo = script.messages[n - 1 - write.back]?.serial;
          if (upTo === undefined) {
            script.ask(ANN, `q${n}`);
            continue;
          }
          const all = project(script.messages.filter((message) => message.serial <= upTo)).state;
          script.say(W, `c${n}`, { kind: 'state', key: '', all, upTo });
          if (upTo > base) base = upTo;
          continue;
        }
        const { who, key, value } = write;
        script.say(who === 'ann' ? ANN : BEN, `s${n}`, {
          kind: 'state',
          key,
          ...(value !== undefined && { value }),
        });
        if (value === undefined) state.delete(key);
        else state.set(key, value);
      }
      const expected = Object.fromEntries(state);
      const { messages } = script;
      const shuffled = messages
        .map((message) => ({ message, at: random.next().value }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ message }) => message);
      expect(project(messages).state).toEqual(expected);
      expect(project([...shuffled, ...messages.slice(0, 5)]).state).toEqual(expected);
      expect(project(shuffled.filter((message) => message.serial > serial(base))).state).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
