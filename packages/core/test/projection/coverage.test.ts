import fc from 'fast-check';
import { expect, test } from 'vitest';
import { project } from './dump.ts';
import { compact } from './random-channel.ts';
import { anyLog } from './random-log.ts';

/** What random logs must bring about for the properties over them to mean anything. */
test('the random logs reach every kind of state', () => {
  const seen = new Map<string, number>();
  const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  for (const events of fc.sample(anyLog(), { numRuns: 2000, seed: 1 })) {
    const projection = project(compact(events));
    for (const { code } of projection.refusals) note(`refused ${code}`);
    if (projection.floor.holder.kind === 'person') note('a person holds the floor');
    for (const each of projection.runs) {
      note(each.status);
      if (each.reason !== undefined) note(each.reason);
      if (each.held) note('held');
      for (const { outcome } of each.steers) note(`steer ${outcome}`);
      for (const { outcome } of projection.answers(each.id)) note(`answer ${outcome}`);
      const standing = projection.standing(each.id);
      if (standing.segments.length > 1) note('segments');
      if (!standing.whole) note('a hole');
      const path = projection.path(each.id);
      if (path.length > 2) note('long path');
      if (path.some(({ stated }) => !stated)) note('not stated');
      const input = projection.message(each.input);
      if ((input?.siblings.length ?? 0) > 1) note('siblings');
    }
    if (projection.branch().length > 3) note('long branch');
  }
  const wanted = `
    queued, active, suspended, cancelling, complete, cancelled, error,
    replaced, regenerated, deleted, held, given to a running answer, followed while a person held the floor,
    steer pending, steer delivered, steer undelivered,
    answer counted, answer provisional, answer superseded, answer waiting, answer expired,
    refused invalid, refused forbidden, refused conflict, refused late,
    segments, a hole, long path, not stated, siblings, long branch, a person holds the floor`
    .split(',')
    .map((what) => what.trim());
  expect(Object.fromEntries(wanted.map((what) => [what, seen.get(what) ?? 0]))).toEqual(
    Object.fromEntries(wanted.map((what) => [what, expect.toSatisfy((count: number) => count >= 3)])),
  );
});
