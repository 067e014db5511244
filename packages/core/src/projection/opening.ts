import { compact } from '@holdfast/codec';
import type { Serial } from '@holdfast/channel';
import { isEnded } from '../snapshot.ts';
import { writeHolder } from './floor-line.ts';
import type { OpenProjection } from './session-projection.ts';
import { isProvisional } from './provisional.ts';
import { foldState } from './shared-state.ts';
import type { Opening } from './types.ts';

/**
 * What a writer states for readers to come (P25). They need every run that has not ended, whole; what the state rests
 * on; and the record by which a person holds the floor, as inputs below it are the agents' to answer.
 */
export function openingOf({ index, floorLine }: Pick<OpenProjection, 'index' | 'floorLine'>): Opening {
  const { holder } = floorLine.floor;
  const { checkpoint, later } = foldState(index.states);
  const unfinished = index.origins.find(({ derived: { run } }) => run && !isEnded(run.status));
  const stored = (serial: Serial | undefined): readonly Serial[] =>
    serial === undefined || isProvisional(serial) ? [] : [serial];
  const needed = [
    unfinished?.serial,
    (checkpoint ?? later[0])?.serial,
    holder.kind === 'person' ? floorLine.turns.at(-1)?.serial : undefined,
  ].flatMap(stored);
  return compact<Opening>({
    horizon: needed.find((serial) => needed.every((other) => serial <= other)),
    floor: writeHolder(holder),
    checkpoint: stored(checkpoint?.serial)[0],
  });
}
