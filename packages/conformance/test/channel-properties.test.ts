import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loseChanges } from '../../channel/test/losing-engine.ts';
import { Stage } from './program/stage.ts';
import { anyAct, breaks, chance, follow, join, program, resume, seed, stray, turns } from './program/step.ts';
import type { Act, Event, Step } from './program/step.ts';

/** More where a change is to be trusted: NUM_RUNS_FACTOR=10. */
const numRuns = 1000 * Number(process.env['NUM_RUNS_FACTOR'] ?? 1);
const TIMEOUT = 600_000;

const mild = fc.record({ seed, delay: chance, duplicate: chance, conflate: chance });
const rough = fc.record({ seed, delay: chance, duplicate: chance, conflate: chance, cut: chance });
const lossy = fc.record({
  seed,
  delay: chance,
  duplicate: chance,
  conflate: chance,
  cut: chance,
  drop: chance,
});
const unsure = fc.record({ seed, delay: chance, duplicate: chance, lose: chance });

async function perform(stage: Stage, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await (isAct(step) ? stage.begin(step) : stage.happen(step, 'watcher'));
}

function isAct(step: Step): step is Act {
  return 'by' in step;
}

const acts = { weight: 6, arbitrary: anyAct };
const some = (arbitrary: fc.Arbitrary<Event>) => ({ weight: 2, arbitrary });

it(
  'I2 history up to the start and the deliveries after it are the whole log, whenever a reader joins',
  async () => {
    const steps = program(fc.oneof(acts, some(turns), some(join)));
    await fc.assert(
      fc.asyncProperty(steps, mild, async (each, faults) => {
        const stage = new Stage({ faults });
        await perform(stage, each);
        const readers = await stage.end();
        for (const reader of readers) expect(reader.gaps).toBe(0);
      }),
      { numRuns },
    );
  },
  TIMEOUT,
);

it(
  'I3 after every drop, and from every position, a reader gets what it missed, and no gap',
  async () => {
    const steps = program(fc.oneof(acts, some(turns), some(join), some(resume), some(breaks)));
    await fc.assert(
      fc.asyncProperty(steps, mild, rough, async (each, faults, readerFaults) => {
        const stage = new Stage({ faults, readerFaults });
        void stage.join({});
        await perform(stage, each);
        const readers = await stage.end();
        for (const reader of readers) expect(reader.gaps).toBe(0);
      }),
      { numRuns },
    );
  },
  TIMEOUT,
);

it(
  'I4 where continuity cannot be proved a reader is told, and then knows everything',
  async () => {
    const steps = program(fc.oneof(acts, some(turns), some(join), some(resume), some(stray), some(breaks)));
    await fc.assert(
      fc.asyncProperty(
        steps,
        mild,
        lossy,
        fc.integer({ min: 2, max: 6 }),
        async (each, faults, bad, every) => {
          const stage = new Stage({
            faults,
            readerFaults: bad,
            wrap: (engine) => loseChanges(engine, every),
          });
          void stage.join({});
          await perform(stage, each);
          await stage.end();
          for (const reader of await Promise.all(stage.strays))
            expect(reader.deliveries[0]?.kind).toBe('gap');
        },
      ),
      { numRuns },
    );
  },
  TIMEOUT,
);

it(
  'P23 a follower knows in the end what history holds, whatever was lost on the way',
  async () => {
    const steps = program(fc.oneof(acts, some(turns), some(follow)));
    await fc.assert(
      fc.asyncProperty(steps, mild, lossy, async (each, faults, readerFaults) => {
        const stage = new Stage({ faults, readerFaults });
        stage.follow(2);
        await perform(stage, each);
        await stage.end();
      }),
      { numRuns },
    );
  },
  TIMEOUT,
);

it(
  'I5 what is tried again until it has a receipt takes effect once, whatever was lost',
  async () => {
    const step = fc.record({ act: anyAct, breakAfter: fc.option(fc.nat(6), { nil: undefined, freq: 3 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), unsure, async (steps, faults) => {
        const stage = new Stage({ faults });
        void stage.join({});
        for (const { act, breakAfter } of steps) await stage.finish(act, breakAfter);
        await stage.end();
        expect(await stage.outline()).toEqual(stage.model.outline());
      }),
      { numRuns },
    );
  },
  TIMEOUT,
);
