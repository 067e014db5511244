import type { Serial } from '@holdfast/channel';
import type { HasSerial } from './by-serial.ts';

/** An output as a claim on a run's path. */
interface Claim extends HasSerial {
  /** The predecessor that it names; absent for a first output. */
  readonly after?: Serial;
}

/**
 * The path of a run (P7): from the lowest-serial first output, at each step to the lowest-serial successor. `claims` are
 * the run's valid outputs by serial; `mayStart` tells which serials a first output may have (P22).
 */
export function tracePath<C extends Claim>(
  claims: readonly C[],
  mayStart: (serial: Serial) => boolean,
): readonly C[] {
  const path: C[] = [];
  // Ascending serials: the first successor met is the lowest, and a reference upwards never matches (P2).
  for (const claim of claims)
    if (claim.after === path.at(-1)?.serial && (path.length > 0 || mayStart(claim.serial))) path.push(claim);
  return path;
}
