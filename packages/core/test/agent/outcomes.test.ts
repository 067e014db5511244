import { createLogFacts } from '@holdfast/codec';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { createAgent, openSession, type Agent, type Session } from '@holdfast/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ended, until } from '../scene.ts';
import { muted } from '../muted.ts';
import { said, textCodec, textOf, type TextChunk } from '../text-codec.ts';

/** What happens to one run, in this order; each but the first waits until the answer has that many words. */
const anyStep = fc.record({
  words: fc.nat({ max: 6 }),
  what: fc.constantFrom('kill', 'close', 'kill', 'close', 'hire', 'cancel', 'regenerate'),
});
const anyStory = fc.record({
  steps: fc.array(anyStep, { minLength: 1, maxLength: 4 }),
  words: fc.integer({ min: 3, max: 9 }),
  isCancelledFirst: fc.nat({ max: 7 }).map((each) => each === 0),
  goesOn: fc.boolean(),
});

test('P11 I15 cancel, end and takeover in any order: one outcome for everybody', async () => {
  /** Over all stories. */
  let takeovers = 0;
  await fc.assert(
    fc.asyncProperty(anyStory, async ({ steps, words, isCancelledFirst, goesOn }) => {
      const engine = createMemoryEngine();
      const connect = (clientId: string, role: string) =>
        createMemoryChannels({ engine, clientId, claims: { role } });
      const open = async (): Promise<Session> => {
        const session = openSession({ channels: connect('ada', 'participant'), name: 's' });
        await session.ready;
        return session;
      };
      const agents: Agent[] = [];
      const kills: (() => void)[] = [];
      let calls = 0;
      const hire = async (): Promise<void> => {
        let isDead = false;
        kills.push(() => void (isDead = true));
        const agent = createAgent({
          channels: muted(connect(`worker-${agents.length}`, 'agent'), () => isDead),
          name: 'bot',
          codec: textCodec,
          leaseMs: 45,
          recovery: { attempts: 20 },
          onTakeover: goesOn ? 'continue' : 'restart',
          onError() {},
          run(run) {
            calls += 1;
            // What a takeover goes on from is said already.
            return run.pipe(count(countWords(run.log), words));
          },
        });
        agents.push(agent);
        await agent.attend('s');
      };
      const laptop = await open();
      const phone = await open();
      const { run, message, stored } = laptop.send({ parts: said('count') });
      await stored;
      if (isCancelledFirst) await phone.cancel(run);
      await hire();
      const isOver = (): boolean =>
        ['complete', 'cancelled', 'error', 'lost'].includes(laptop.run(run)?.status ?? '');
      for (const { words: wanted, what } of isCancelledFirst ? [] : steps) {
        await until(laptop, () => isOver() || countWords(laptop.log(run)) >= Math.min(wanted, words));
        if (what === 'cancel') await phone.cancel(run);
        else if (what === 'regenerate') phone.regenerate({ input: message });
        else if (what === 'hire') await hire();
        else {
          await hire();
          if (what === 'kill') kills.at(-2)?.();
          else await agents.at(-2)?.close({ drainMs: 0 });
        }
      }
      await ended(laptop, run);
      if (isCancelledFirst) expect(calls).toBe(0);

      const late = await open();
      const last = laptop.run(run);
      await ended(phone, run);
      for (const each of [phone, late]) {
        expect(each.run(run)).toEqual(last);
        expect(each.log(run)).toBe(laptop.log(run));
      }
      const ends = createLogFacts(late.log(run)).facts.filter((fact) => fact.kind === 'end');
      expect(ends).toHaveLength(isCancelledFirst ? 0 : 1);
      const text = textOf(late.message(last?.output ?? message)?.parts ?? []);
      if (last?.status === 'complete') expect(text).toBe(wholeOf(words));
      else expect(last?.output === undefined || wholeOf(words).startsWith(text)).toBe(true);
      takeovers += Math.max(0, (last?.attempts ?? 0) - 1);

      for (const session of [laptop, phone, late]) await session.close();
      for (const agent of agents) await agent.close({ drainMs: 0 });
      await engine.close();
    }),
    { numRuns: 30 },
  );
  expect(takeovers).toBeGreaterThan(0);
}, 120_000);

async function* count(from: number, words: number): AsyncGenerator<TextChunk> {
  for (let at = from; at < words; at += 1) {
    // Slow enough for something to happen between two words.
    await new Promise((resolve) => setTimeout(resolve, 8));
    yield { type: 'text', text: `${at} ` };
  }
}

function wholeOf(words: number): string {
  return Array.from({ length: words }, (_, at) => `${at} `).join('');
}

function countWords(log: string): number {
  return log.split(/\d /).length - 1;
}
