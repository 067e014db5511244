import type { Serial } from '@holdfast/channel';

/** What serials of records begin with that are shown and not stored yet: above every serial that a channel issues. */
export const PROVISIONAL = '~';

export function isProvisional(serial: Serial): boolean {
  return serial.startsWith(PROVISIONAL);
}
