import { LF, RS } from './control.ts';
import { endsInHighSurrogate } from './escape.ts';

/**
 * How much of `data` stands where a successor states `length` (P9): a length inside a control or a surrogate pair counts
 * back to its start. Undefined for one beyond the data: it waits for the data. Lengths are in UTF-16 code units; the
 * answer stays the same while `data` grows.
 */
export function standingLength(data: string, length: number): number | undefined {
  if (length > data.length) return undefined;
  if (length <= 0) return 0;
  let standing = controlStart(data, length) ?? length;
  while (endsInHighSurrogate(data.slice(standing - 1, standing))) standing -= 1;
  return standing;
}

/** Where the control begins that `length` cuts; undefined where it cuts none. */
function controlStart(data: string, length: number): number | undefined {
  let start = data.lastIndexOf(RS, length - 1);
  if (start < 0) return undefined;
  const end = data.indexOf(LF, start);
  if (end >= 0 && end < length) return undefined;
  // A control that lost its LF reaches into the next: readers take them together, so they stand or fall together.
  while (start > 0) {
    const before = data.lastIndexOf(RS, start - 1);
    if (before < 0 || before < data.lastIndexOf(LF, start - 1)) break;
    start = before;
  }
  return start;
}
