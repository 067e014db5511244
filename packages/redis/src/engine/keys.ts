import type { KeyName } from '../scripts/scripts.ts';

/**
 * A session's key: its channel is the hash tag, so that all of a session lies on one node of a cluster. Braces would end
 * the tag early.
 */
export function keyOf(prefix: string, channel: string, name: KeyName): string {
  return stemOf(prefix, channel) + name;
}

/** The keys of one session, or of each of several. */
export function keysOf(
  prefix: string,
  channels: string | readonly string[],
  names: readonly KeyName[],
): readonly string[] {
  const keys: string[] = [];
  for (const channel of typeof channels === 'string' ? [channels] : channels) {
    const stem = stemOf(prefix, channel);
    for (const name of names) keys.push(stem + name);
  }
  return keys;
}

function stemOf(prefix: string, channel: string): string {
  return `${prefix}{${/[%{}]/.test(channel) ? channel.replace(/[%{}]/g, encodeURIComponent) : channel}}:`;
}

/** What `SCAN` matches keys of that name by, whatever the session. */
export function patternOf(prefix: string, name: KeyName): string {
  return `${prefix.replace(/[*?[\]\\]/g, String.raw`\$&`)}{*}:${name}`;
}

/** The channel that a key belongs to. */
export function channelOf(prefix: string, key: string): string {
  const tag = key.slice(prefix.length + 1, key.lastIndexOf('}'));
  return tag.replace(/%(?:25|7B|7D)/g, decodeURIComponent);
}
