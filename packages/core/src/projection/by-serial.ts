import type { Serial } from '@holdfast/channel';

export interface HasSerial {
  readonly serial: Serial;
}

/** Sorts oldest first. */
export function bySerial(a: HasSerial, b: HasSerial): number {
  return a.serial < b.serial ? -1 : 1;
}

/** How many of a list that is by serial are older. */
export function countBelow(list: readonly HasSerial[], serial: Serial): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const { [middle]: each } = list;
    if (each && each.serial < serial) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Puts an item into a list that is by serial, in the place of one with its serial; or takes that one out. */
export function place<T extends HasSerial>(list: T[], item: T, isThere: boolean): void {
  const at = countBelow(list, item.serial);
  list.splice(at, list[at]?.serial === item.serial ? 1 : 0, ...(isThere ? [item] : []));
}
