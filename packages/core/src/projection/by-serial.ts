import type { Serial } from '@holdfast/channel';

export interface HasSerial {
  readonly serial: Serial;
}

/** Sorts oldest first. */
export function bySerial(a: HasSerial, b: HasSerial): number {
  return a.serial < b.serial ? -1 : 1;
}
