import { createHash } from 'node:crypto';
import { APPEND } from './append.ts';
import { ANNOTATIONS } from './annotations.ts';
import { CHANGING } from './changing.ts';
import { CLOCK } from './clock.ts';
import { COMMIT } from './commit.ts';
import { HEAD, PROBE, SIGNAL } from './live.ts';
import { ANNOTATION, MESSAGE } from './message.ts';
import { ENTER, LEAVE, LIST, MEMBERS, RENEW } from './presence.ts';
import { ANNOTATION_PAGE, CHANGES, ONE, PAGE } from './reading.ts';
import { FORGETTING, RETENTION } from './retention.ts';
import { SESSION } from './session.ts';
import { TEXT } from './text.ts';
import { DROP, JOIN, RECALL, SETTLED, STANDING, TIER } from './tier.ts';

/** A Lua script, and which of a session's keys it gets, in order. */
export interface Script {
  readonly source: string;
  readonly sha: string;
  readonly keys: readonly KeyName[];
}

/**
 * `s` the session's hash, `l` its pub/sub channel; sorted sets: `o` messages in order, `c` by last change, `n` single
 * annotations; `p` presence members, `x` their leases.
 */
export type KeyName = 's' | 'l' | 'o' | 'c' | 'n' | 'p' | 'x';

const base = [SESSION, CLOCK, TIER];

export const SCRIPTS = {
  commit: script(
    ['s', 'l', 'o', 'c', 'n'],
    [...base, TEXT, ANNOTATIONS, MESSAGE, indexNames(), FORGETTING, CHANGING, RECALL, RETENTION, COMMIT],
  ),
  /** All keys of several sessions; those after `c` only where there is an age. */
  append: script(['s', 'l', 'c', 'o', 'n'], [APPEND]),
  changes: script(['s', 'l', 'c'], [...base, MESSAGE, CHANGES]),
  page: script(['s', 'l', 'o'], [...base, MESSAGE, PAGE]),
  message: script(['s', 'l'], [...base, MESSAGE, ONE]),
  annotations: script(['s', 'l', 'n'], [...base, ANNOTATION, ANNOTATION_PAGE]),
  standing: script(['s', 'l', 'c'], [...base, MESSAGE, STANDING]),
  join: script(['s', 'l', 'o', 'c', 'n'], [...base, MESSAGE, indexNames(), FORGETTING, JOIN]),
  drop: script(['s', 'l', 'o', 'c', 'n'], [...base, MESSAGE, indexNames(), FORGETTING, DROP]),
  settled: script(['s', 'l', 'c', 'n'], [...base, MESSAGE, ANNOTATION, SETTLED]),
  head: script(['s', 'l', 'p', 'x'], [...base, MEMBERS, HEAD]),
  probe: script(['s', 'l', 'p', 'x'], [...base, MEMBERS, PROBE]),
  signal: script(['s', 'l'], [...base, SIGNAL]),
  enter: script(['s', 'l', 'p', 'x'], [...base, MEMBERS, ENTER]),
  renew: script(['s', 'l', 'p', 'x'], [...base, MEMBERS, RENEW]),
  leave: script(['s', 'l', 'p', 'x'], [...base, MEMBERS, LEAVE]),
  members: script(['s', 'l', 'p', 'x'], [...base, MEMBERS, LIST]),
} as const;

function indexNames(): string {
  return 'local BY_SERIAL, BY_CHANGE, ANNOTATIONS_INDEX = KEYS[3], KEYS[4], KEYS[5]';
}

function script(keys: readonly KeyName[], parts: readonly string[]): Script {
  const source = parts.join('\n');
  return { source, sha: createHash('sha1').update(source).digest('hex'), keys };
}
