import { compact } from '@holdfast/codec';
import type { Serial } from '@holdfast/channel';
import { isEnded } from '../snapshot.ts';
import { writeHolder } from './floor-line.ts';
import type { Projected } from './project.ts';
import { isProvisional } from './provisional.ts';
import type { Opening } from './types.ts';

/**
 * What a writer states for readers to come (P25). They need every run that has not ended, whole; what the state rests
 * on; and the record by which a person holds the floor, as inputs below it are the agents' to answer.
 */
export function openingOf({ origins, state: { checkpoint, later }, floor }: Projected): Opening {
  const { holder } = floor.floor;
  const unfinished = origins.find(({ run }) => run && !isEnded(run.status));
  const stored = (serial: Serial | undefined): readonly Serial[] =>
    serial === undefined || isProvisional(serial) ? [] : [serial];
  const needed = [
    unfinished?.origin.serial,
    (checkpoint ?? later[0])?.serial,
    holder.kind === 'person' ? floor.turns.at(-1)?.serial : undefined,
  ].flatMap(stored);
  return compact<Opening>({
    horizon: needed.find((serial) => needed.every((other) => serial <= other)),
    floor: writeHolder(holder),
    checkpoint: stored(checkpoint?.serial)[0],
  });
}
