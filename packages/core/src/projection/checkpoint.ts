import type { Serial } from '@holdfast/channel';
import type { StateRecord } from '../records.ts';
import { bySerial, countBelow } from './by-serial.ts';
import type { StateEntry } from './entry.ts';
import type { RecordIndex } from './record-index.ts';
import { foldState, placeOf } from './shared-state.ts';

/** What a reader may have to read for the state alone: about two pages. */
const MOST_RECORDS = 100;

/** The checkpoint that knows most; those before it add nothing. */
export function lastCheckpoint(states: readonly StateEntry[]): StateEntry | undefined {
  return states.reduce<StateEntry | undefined>(
    (last, each) => (each.record.all && !(last && placeOf(each) < placeOf(last)) ? each : last),
    undefined,
  );
}

/** Where reading has to begin for the whole state. */
export function stateBase(states: readonly StateEntry[]): Serial | undefined {
  const checkpoint = lastCheckpoint(states);
  if (checkpoint) return placeOf(checkpoint);
  const newest = new Map(states.map((entry) => [entry.record.key, entry]));
  return [...newest.values()].sort(bySerial)[0]?.serial;
}

/**
 * The state as it was after the record with the serial `upTo`, below which nothing is missing; undefined where readers don't
 * have to go far back without it.
 */
export function checkpointOf(
  { origins, claims, states }: Pick<RecordIndex, 'origins' | 'claims' | 'states'>,
  upTo: Serial,
): StateRecord | undefined {
  const known = states.slice(0, countBelow(states, upTo));
  const base = stateBase(known);
  if (base === undefined) return undefined;
  const lists = [origins, claims, states];
  const distance = lists.reduce((sum, list) => sum + countBelow(list, upTo) - countBelow(list, base), 0);
  return distance < MOST_RECORDS ? undefined : { kind: 'state', key: '', all: foldState(known), upTo };
}
