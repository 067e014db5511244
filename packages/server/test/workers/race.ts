import type { Engine } from '@holdfast/channel/engine';
import { expect, test } from 'vitest';
import { said, textOf, type TextChunk } from '../../../core/test/text-codec.ts';
import { allEnded, openStage } from './stage.ts';

/** Questions in each session; sessions fall to either worker by chance, so `together` has to be many of them. */
const EACH = 5;

async function* say(text: string): AsyncGenerator<TextChunk> {
  yield { type: 'text', text };
}

/**
 * Two workers and very many questions. Those that see each other share the sessions; those that may not see presence both go
 * for every run, and the claims decide.
 */
export function describeRace(
  where: string,
  openEngine: () => Promise<Engine>,
  { apart, together }: { readonly apart: number; readonly together: number },
): void {
  test.each([
    [together, 'who share them', { '*': ['*'] as const }],
    [apart, 'who race for each', { '*': ['publish', 'subscribe', 'history'] as const }],
  ])(
    `P8 P15 %i runs over ${where}, two workers %s: each is answered once`,
    async (runs, how, capabilities) => {
      const stage = await openStage(await openEngine());
      const calls = new Map<string, number>();
      const shares = [0, 0];
      for (const worker of shares.keys())
        await stage.worker({
          capabilities,
          run(run) {
            calls.set(run.id, (calls.get(run.id) ?? 0) + 1);
            shares[worker] = (shares[worker] ?? 0) + 1;
            return run.pipe(say(`answer to ${run.id}`));
          },
        });
      const ada = stage.client();
      const sessions = await Promise.all(
        Array.from({ length: runs / EACH }, (__, index) => stage.open(ada, `s${index}`)),
      );
      const asked = sessions.map((session) =>
        Array.from({ length: EACH }, () => session.send({ parts: said('hi') }).run),
      );
      await Promise.all(sessions.map((session, index) => allEnded(session, asked[index] ?? [])));
      for (const [index, session] of sessions.entries())
        for (const run of asked[index] ?? []) {
          expect(session.run(run)?.status).toBe('complete');
          const answer = session.snapshot.messages.find(({ id }) => id === session.run(run)?.output);
          expect(textOf(answer?.parts ?? [])).toBe(`answer to ${run}`);
        }
      expect(calls.size).toBe(runs);
      expect([...calls.values()].filter((count) => count !== 1)).toEqual([]);
      // Of those that race, one may be the faster each time.
      if (how === 'who share them') expect(Math.min(...shares)).toBeGreaterThan(0);
    },
    120_000,
  );
}
