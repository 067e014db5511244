import { bySerial } from './by-serial.ts';
import { keep } from './equal.ts';
import type { FloorLine } from './floor-line.ts';
import type { RecordIndex } from './record-index.ts';
import { isProvisional } from './provisional.ts';
import { refuse } from './refuse.ts';
import { foldState } from './shared-state.ts';
import { plantTree } from './tree.ts';
import type { Tree } from './tree.ts';
import type { SessionProjection } from './types.ts';

/** What takes a walk over all records: computed when somebody reads it. */
export interface View extends Pick<SessionProjection, 'state' | 'refusals'> {
  readonly tree: Tree;
}

/** What says the same as in the `known` view keeps its identity. */
export function lookOver(index: RecordIndex, line: FloorLine, known?: View): View {
  const refusals = [
    ...[...index.nodes.values()].flatMap(({ derived }) => derived.refusals),
    ...line.refused.map(([{ message }, code]) => refuse(message, code)),
  ];
  return {
    tree: plantTree(index),
    state: keep(known?.state, foldState(index.states)),
    refusals: keep(
      known?.refusals,
      // Of what is not stored yet nobody can tell: its author's claims are the channel's to say.
      refusals.filter(({ serial }) => !isProvisional(serial)).sort(bySerial),
    ),
  };
}
