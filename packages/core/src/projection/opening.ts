import { compact } from '@holdfast/codec';
import type { Serial } from '@holdfast/channel';
import { isEnded } from '../snapshot.ts';
import { lastCheckpoint, stateBase } from './checkpoint.ts';
import { AGENTS } from './floor-line.ts';
import type { OpenProjection } from './session-projection.ts';
import { isProvisional } from './provisional.ts';
import type { Opening } from './types.ts';

/**
 * What a writer states for readers to come (P25). They need every run that has not ended, whole; what the state rests
 * on; and the record by which a person holds the floor, as inputs below it are the agents' to answer.
 */
export function openingOf({ index, floorLine }: Pick<OpenProjection, 'index' | 'floorLine'>): Opening {
  const { holder, turns } = floorLine;
  const { states, origins } = index;
  const checkpoint = lastCheckpoint(states);
  const unfinished = origins.find(({ derived: { run } }) => run && !isEnded(run.status));
  const stored = (serial: Serial | undefined): readonly Serial[] =>
    serial === undefined || isProvisional(serial) ? [] : [serial];
  const needed = [
    unfinished?.serial,
    stateBase(states),
    holder === AGENTS ? undefined : turns.at(-1)?.serial,
  ].flatMap(stored);
  return compact<Opening>({
    horizon: needed.find((serial) => needed.every((other) => serial <= other)),
    floor: holder,
    checkpoint: stored(checkpoint?.serial)[0],
  });
}
