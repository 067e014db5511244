import fc from 'fast-check';
import { createPicker } from './picker.ts';
import type { Picks } from './picker.ts';
import { ACTS } from './random-acts.ts';
import { createChannel } from './random-channel.ts';
import type { LogEvent } from './random-channel.ts';

/** How many logs a property is tried on; more by the environment variable `RUNS`. */
export const NUM_RUNS = Number(process.env['RUNS'] ?? 1000);

/** How long they may take, in milliseconds: a machine that has other things to do is no failure. */
export const PATIENCE = 180 * NUM_RUNS;

/** A channel's changes, in order, made of records that refer to each other in every way, right and wrong. */
export function anyLog(maxLength = 36): fc.Arbitrary<readonly LogEvent[]> {
  return fc.array(anyStep, { minLength: 1, maxLength, size: 'max' }).map(play);
}

type Act = keyof typeof ACTS;

/** How often each thing is done. */
const WEIGHTS: Readonly<Record<Act, number>> = {
  input: 5,
  claim: 6,
  append: 22,
  cancel: 1,
  steer: 2,
  regenerate: 1,
  answer: 4,
  state: 1,
  floor: 1,
  rewrite: 1,
  remove: 1,
  annotate: 1,
  odd: 1,
};

interface Step extends Picks {
  readonly act: Act;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  act: fc.oneof(
    ...(Object.keys(WEIGHTS) as Act[]).map((act) => ({ weight: WEIGHTS[act], arbitrary: fc.constant(act) })),
  ),
  wild: fc.boolean(),
  picks: fc.array(fc.nat({ max: 11 }), { minLength: 8, maxLength: 8 }),
});

function play(steps: readonly Step[]): readonly LogEvent[] {
  const channel = createChannel();
  for (const step of steps) ACTS[step.act](channel, createPicker(step));
  return channel.events;
}
