import type { FloorLine } from './floor-line.ts';
import type { Gathered } from './gather.ts';

/** What runs are computed from, and what comes of it on the way. */
export interface Surroundings extends Gathered {
  readonly floor: FloorLine;
  /** Ids of what older runs took in as steering. */
  readonly taken: Set<string>;
}
