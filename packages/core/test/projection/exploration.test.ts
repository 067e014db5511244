import { createLogFacts } from '@holdfast/codec';
import { describe, expect, test } from 'vitest';
import { createProjection } from '../../src/projection/projection.ts';
import type { Projection } from '../../src/projection/types.ts';
import { isEnded } from '../../src/snapshot.ts';
import { expectSame } from './dump.ts';
import { PATIENCE } from './random-log.ts';
import { replay, RUN } from './small-log.ts';
import type { Change } from './small-log.ts';
import { explore } from './small-world.ts';

/** Ends of the run in what stands. */
function endsOf(projection: Projection): number {
  const { facts } = createLogFacts(projection.standing(RUN).text);
  return facts.filter((fact) => fact.kind === 'end' && fact.status !== 'suspended').length;
}

/** A reader that was there from the beginning, and one that joins half-way: live first, history after. */
function readers(changes: readonly Change[]): readonly Projection[] {
  const live = createProjection();
  replay(changes, (message) => live.apply(message));
  const joined = createProjection();
  const half = Math.floor(changes.length / 2);
  let count = 0;
  replay(changes, (message) => {
    count += 1;
    if (count > half) joined.apply(message);
  });
  for (const message of replay(changes.slice(0, half)).toReversed()) joined.apply(message);
  return [live, joined];
}

describe.each([
  { seal: true, restarts: false, claims: [2, 1], floor: 20_000 },
  { seal: false, restarts: true, claims: [1, 1], floor: 15_000 },
  { seal: false, restarts: false, claims: [2, 1], floor: 100_000 },
])(
  'two writers, a canceller and late readers: seal $seal, restarts $restarts, claims $claims',
  ({ floor, ...rules }) => {
    const { states, logs } = explore({ ...rules, pieces: 1 });
    const path = (projection: Projection) => projection.path(RUN).map(({ serial }) => serial);

    test('every interleaving was visited', () => {
      console.log(`${JSON.stringify(rules)}: ${states} states, ${logs.length} logs`);
      expect(states).toBeGreaterThan(floor);
      const statuses = new Set(logs.map(({ view }) => view.run(RUN)?.status));
      expect(statuses).toEqual(new Set(['queued', 'active', 'cancelling', 'cancelled', 'complete']));
      expect(logs.some(({ view }) => view.standing(RUN).segments.length > 1)).toBe(true);
    });

    test(
      'I14 at the end all readers agree',
      () => {
        const ends = logs.filter(({ grown }) => [...grown].length === 0);
        console.log(`${ends.length} ends`);
        // Where there are very many, some.
        const some = ends.filter((_, index) => index % Math.ceil(ends.length / 1500) === 0);
        for (const { changes, view } of some) for (const reader of readers(changes)) expectSame(reader, view);
      },
      PATIENCE,
    );

    test('P11 an ended run has exactly one end, a run that has not ended has none', () => {
      for (const { changes, view } of logs) {
        const run = view.run(RUN);
        const isOver = run !== undefined && isEnded(run.status) && run.attempts > 0;
        expect(endsOf(view), JSON.stringify(changes)).toBe(isOver ? 1 : 0);
      }
    });

    test('P11 a run that was cancelled before its claim is never active', () => {
      let checked = 0;
      for (const { changes, view } of logs) {
        const cancel = changes.findIndex((change) => change.do === 'cancel');
        const claim = changes.findIndex((change) => change.do === 'claim');
        if (cancel < 0 || (claim >= 0 && claim < cancel)) continue;
        checked += 1;
        expect(view.run(RUN), JSON.stringify(changes)).toMatchObject({ status: 'cancelled', length: 0 });
      }
      expect(checked).toBeGreaterThan(2);
    });

    test('P7 P8 the path only goes on', () => {
      for (const { view, grown } of logs) {
        const before = path(view);
        for (const next of grown) expect(path(next.view).slice(0, before.length)).toEqual(before);
      }
    });

    test(
      rules.seal ? 'P10 what was shown is never taken back' : 'P9 only a statement takes back what was shown',
      () => {
        let retractions = 0;
        for (const { view, grown } of logs) {
          const before = view.standing(RUN).text;
          for (const next of grown) {
            if (next.view.standing(RUN).text.startsWith(before)) continue;
            retractions += 1;
            expect(next.changes.at(-1)).toMatchObject({
              do: 'append',
              data: expect.stringContaining('"continue"'),
            });
          }
        }
        if (rules.seal) expect(retractions).toBe(0);
        else expect(retractions).toBeGreaterThan(10);
      },
    );

    test('P10 P11 with a seal an end stays the end; without one it goes where it was not read in time', () => {
      let reopened = 0;
      for (const { view, grown } of logs) {
        const before = view.run(RUN)?.status;
        if (before === undefined || !isEnded(before)) continue;
        for (const next of grown) if (next.view.run(RUN)?.status !== before) reopened += 1;
      }
      expect(reopened > 0).toBe(!rules.seal);
    });
  },
);
