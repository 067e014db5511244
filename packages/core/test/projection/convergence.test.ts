import fc from 'fast-check';
import { describe, test } from 'vitest';
import { createProjection } from '../../src/projection/projection.ts';
import { expectSame, project } from './dump.ts';
import { compact } from './random-channel.ts';
import { anyLog, NUM_RUNS, PATIENCE } from './random-log.ts';
import { chooser, readings, receiveAll } from './reader.ts';

describe('I14 the projection is a function of the set of records', () => {
  test(
    'I14 every interleaving of pages, live deliveries, duplicates and gaps gives the same state',
    () => {
      fc.assert(
        fc.property(
          anyLog(),
          fc.array(fc.nat({ max: 60 }), { maxLength: 80, size: 'max' }),
          (events, choices) => {
            const projection = createProjection();
            receiveAll(projection, readings(events, chooser(choices)));
            expectSame(projection, project(compact(events)));
          },
        ),
        { numRuns: NUM_RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'I14 the order in which messages are applied makes no difference',
    () => {
      fc.assert(
        fc.property(
          anyLog().chain((events) => {
            const messages = compact(events);
            return fc.tuple(
              fc.constant(events),
              fc.shuffledSubarray([...messages], { minLength: messages.length }),
            );
          }),
          ([events, shuffled]) => {
            expectSame(project(shuffled), project(compact(events)));
          },
        ),
        { numRuns: NUM_RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'P1 project(compact(log)) = project(log) at every prefix',
    () => {
      fc.assert(
        fc.property(anyLog(16), (events) => {
          const projection = createProjection();
          for (const [index, { message, added, annotated }] of events.entries()) {
            const { serial, version } = message;
            if (added !== undefined) projection.append({ serial, version, ...added });
            else if (annotated !== undefined) projection.annotate(serial, annotated);
            else projection.apply(message);
            const prefix = events.slice(0, index + 1);
            expectSame(projection, project(compact(prefix)));
          }
        }),
        { numRuns: NUM_RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'P28 what is forgotten leaves no trace',
    () => {
      fc.assert(
        fc.property(anyLog(), fc.array(fc.nat({ max: 23 }), { maxLength: 10 }), (events, gone) => {
          const messages = compact(events);
          const projection = project(messages);
          const dropped = new Set(gone.map((index) => messages[index % messages.length]?.serial));
          for (const serial of dropped) if (serial !== undefined) projection.forget(serial);
          const left = messages.filter(({ serial }) => !dropped.has(serial));
          expectSame(projection, project(left));
        }),
        { numRuns: NUM_RUNS },
      );
    },
    PATIENCE,
  );
});
