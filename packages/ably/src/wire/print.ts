import type { Draft } from '@holdfast/channel';

/**
 * Tells two creates with one id apart after the message has changed: two 32-bit FNV-1a hashes of what the draft says,
 * which the message bears for good.
 */
export function printOf({ name, data, headers = {} }: Draft): string {
  const sorted = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([name, data, sorted]);
  return `${hash(text, 0x811c9dc5)}${hash(text, 0x01234567)}`;
}

export function hash(text: string, basis = 0x811c9dc5): string {
  let value = basis;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return (value >>> 0).toString(36).padStart(7, '0');
}
