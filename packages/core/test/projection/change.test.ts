import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProjection } from '../../src/projection/projection.ts';
import type { Change, Projection } from '../../src/projection/types.ts';
import type { RunId } from '../../src/ids.ts';
import { anyLog, NUM_RUNS, PATIENCE } from './random-log.ts';
import { chooser, readings } from './reader.ts';
import { answerTo, messageId, run } from './session-script.ts';

const RUN_IDS = ['a', 'b', 'c', 'd', 'e'].map(run);
const MESSAGE_IDS = [...['ma', 'mb', 'mc', 'md'].map(messageId), ...RUN_IDS.map(answerTo)];

/** What an application holds of a projection. */
function look(projection: Projection) {
  return {
    runs: new Map(RUN_IDS.map((id) => [id, projection.run(id)])),
    messages: new Map(MESSAGE_IDS.map((id) => [id, projection.message(id)])),
    texts: new Map(RUN_IDS.map((id) => [answerTo(id), projection.standing(id).text])),
    branch: projection.branch(),
    state: projection.state,
    floor: projection.floor,
    refusals: projection.refusals,
  };
}

/** A reader that goes only by what changes say of standing text. */
function follow(texts: Map<RunId, string>, change: Change): void {
  for (const { run: id, length } of change.retracted) texts.set(id, (texts.get(id) ?? '').slice(0, length));
  for (const { run: id, offset, text } of change.appended) {
    const known = texts.get(id) ?? '';
    expect(offset).toBe(known.length);
    texts.set(id, known + text);
  }
}

describe('what a change says', () => {
  test(
    'I18 what a change does not name keeps its identity, and its text is the whole difference',
    () => {
      fc.assert(
        fc.property(
          anyLog(24),
          fc.array(fc.nat({ max: 60 }), { maxLength: 40, size: 'max' }),
          (events, choices) => {
            const projection = createProjection();
            const texts = new Map<RunId, string>();
            let before = look(projection);
            for (const delivery of readings(events, chooser(choices))) {
              const change = projection.receive(delivery);
              const after = look(projection);
              for (const id of RUN_IDS) {
                if (!change.runs.has(id)) expect(after.runs.get(id)).toBe(before.runs.get(id));
              }
              for (const id of MESSAGE_IDS) {
                if (!change.messages.has(id) && !change.tree)
                  expect(after.messages.get(id)).toBe(before.messages.get(id));
              }
              if (!change.tree) expect(after.branch).toEqual(before.branch);
              if (!change.tree) expect(after.state).toBe(before.state);
              if (!change.tree) expect(after.floor).toBe(before.floor);
              if (!change.tree) expect(after.refusals).toBe(before.refusals);
              follow(texts, change);
              for (const id of RUN_IDS) expect(texts.get(id) ?? '').toBe(projection.standing(id).text);
              before = after;
            }
          },
        ),
        { numRuns: NUM_RUNS },
      );
    },
    PATIENCE,
  );

  test(
    'I18 what says the same is the same object',
    () => {
      fc.assert(
        fc.property(anyLog(), (events) => {
          const projection = createProjection();
          let before = look(projection);
          for (const { message } of events) {
            projection.apply(message);
            const after = look(projection);
            for (const id of RUN_IDS) expectKept(before.runs.get(id), after.runs.get(id));
            for (const id of MESSAGE_IDS) {
              // Controls may change a part and change it back; a part that was given anew may say what it said.
              const grew = before.texts.get(id) !== after.texts.get(id);
              if (!grew) expectKept(before.messages.get(id), after.messages.get(id));
            }
            expectKept(before.state, after.state);
            expectKept(before.floor, after.floor);
            expectKept(before.refusals, after.refusals);
            before = after;
          }
        }),
        { numRuns: NUM_RUNS },
      );
    },
    PATIENCE,
  );
});

function expectKept(before: unknown, after: unknown): void {
  if (before !== after) expect(after).not.toEqual(before);
}
