import type { Serial } from '@holdfast/channel';
import { bySerial } from './by-serial.ts';
import { foldFloor } from './floor-line.ts';
import { gather, refuse } from './gather.ts';
import type { Gathered } from './gather.ts';
import type { FloorLine } from './floor-line.ts';
import type { Stored } from './stored.ts';
import { reduceRuns } from './reduce-run.ts';
import type { RunNode } from './run-node.ts';
import { foldState } from './shared-state.ts';
import type { SharedState } from './shared-state.ts';
import { plantTree } from './tree.ts';
import type { Tree } from './tree.ts';

/** All that follows from a set of messages. */
export interface Projected extends Gathered {
  readonly floor: FloorLine;
  readonly state: SharedState;
  readonly tree: Tree;
  /** Runs by the serial of the link whose further text goes straight onto the end of what stands. */
  readonly growing: ReadonlyMap<Serial, RunNode>;
}

/** The state of a session as a pure function of its messages, in any order. Costs a walk over all of them. */
export function project(messages: Iterable<Stored>): Projected {
  const gathered = gather([...messages].sort(bySerial));
  const { origins, claims, floors, states, refusals } = gathered;
  const floor = foldFloor(floors, claims);
  reduceRuns({ ...gathered, floor, taken: new Set() });
  for (const { message } of floor.refused)
    refusals.push(refuse(message, 'forbidden', 'its author does not have the floor to give'));
  refusals.sort(bySerial);
  const growing = new Map(
    origins.flatMap((node) => {
      const { growing: link } = node.standing;
      return link ? [[link.serial, node]] : [];
    }),
  );
  return { ...gathered, floor, state: foldState(states), tree: plantTree(origins, gathered), growing };
}
