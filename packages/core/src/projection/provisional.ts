import type { Serial } from '@holdfast/channel';

/** What serials of records begin with that are shown and not stored yet: above every serial that a channel issues. */
export const PROVISIONAL = '~';

/** Of those that could not be stored, and are shown all the same: above all others. */
export const FAILED = '~~';

export function isProvisional(serial: Serial): boolean {
  return serial.startsWith(PROVISIONAL);
}
