import type { Position, Version } from '@holdfast/channel';

/** Marks a position that is written out. */
const WHOLE = '=';

/**
 * A position as its difference from the last one of the same subscription: the characters at its end that differ, `''`
 * for the same again; written out after a `=` where that doesn't work. Positions of one engine differ in a few last
 * characters.
 */
export function encodePosition(last: Position | undefined, next: Position): string {
  if (last?.length !== next.length) return WHOLE + next;
  let same = 0;
  while (same < next.length && next[same] === last[same]) same += 1;
  const end = next.slice(same);
  return end.startsWith(WHOLE) ? WHOLE + next : end;
}

/** Undefined where there is no last position to go by: the frames don't belong together. */
export function decodePosition(last: Position | undefined, text: string): Position | undefined {
  if (text.startsWith(WHOLE)) return text.slice(WHOLE.length) as Position;
  if (last === undefined || text.length > last.length) return undefined;
  return (last.slice(0, last.length - text.length) + text) as Position;
}

/** The version that a position of an engine ends in. */
export function versionIn(position: Position): Version {
  return position.slice(position.lastIndexOf('.') + 1) as Version;
}
