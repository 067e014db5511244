import type { KeyName } from '../scripts/scripts.ts';

/**
 * A session's key: its channel is the hash tag, so that all of a session lies on one node of a cluster. Braces would end
 * the tag early.
 */
export function keyOf(prefix: string, channel: string, name: KeyName): string {
  return `${prefix}{${/[%{}]/.test(channel) ? channel.replace(/[%{}]/g, encodeURIComponent) : channel}}:${name}`;
}
