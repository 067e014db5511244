import type { Serial } from '@holdfast/channel';
import type { Wake } from '../../wakes/inbox-records.ts';
import { CLOCKS_APART_MS } from '../decisions/rest.ts';

/** What a worker knows of a session that has something to do. Times are its own monotonic clock's, in milliseconds. */
export interface Place {
  /** When it was first told of. */
  since: number;
  /** When a wake, or a sign that somebody is at it, was last heard. */
  heardAt: number;
  /** Other workers that have said they are at it, and until when that counts. */
  readonly tended: Map<string, number>;
  /** Identities of workers that were at it, and have left. */
  readonly departed: Set<string | undefined>;
  /** It couldn't be opened: not before this moment again. */
  retryAt: number;
  retries: number;
  /** Wakes out of history, by serial; a live one's record is still to come, or has just come. */
  readonly seen: Map<Serial, { readonly at: number; readonly isOld: boolean }>;
  /** Between 0 and 1: keeps workers of one rank apart. */
  readonly jitter: number;
  /** Looks again when it is due. */
  timer?: ReturnType<typeof setTimeout>;
}

/** How long a wake is still to rest, in milliseconds; 0 or less for one that is due. */
export function restMs({ notBefore = -Infinity }: Wake): number {
  return notBefore + LATE_MS - Date.now();
}

/** A little after the deadline that it is for, so that this is over by every clock. */
const LATE_MS = CLOCKS_APART_MS + 100;

export interface Turn {
  /** How many workers come before this one, as far as presence tells: one that died may be among them for a while. */
  readonly rank: number;
  readonly leaseMs: number;
}

export function createPlace(now: number, jitter: number): Place {
  return {
    since: now,
    heardAt: now,
    tended: new Map(),
    departed: new Set(),
    retryAt: 0,
    retries: 0,
    seen: new Map(),
    jitter,
  };
}

/**
 * When this worker is to look at a session: in its turn where nobody is at it, or to stand by where only one is, so that a
 * process which dies is missed by somebody who was looking.
 */
export function dueAt(place: Place, turn: Turn): number {
  return Math.max(place.retryAt, Math.min(takesAt(place, turn), standsByAt(place, turn)));
}

/** Whether another worker is at it. */
export function isTended({ tended }: Pick<Place, 'tended'>, now: number): boolean {
  return [...tended.values()].some((until) => until > now);
}

/** Each waits longer than the one before, so they don't all come. */
function takesAt({ heardAt, tended, jitter }: Place, { rank, leaseMs }: Turn): number {
  const patience = rank === 0 ? 0 : leaseMs * (1 + (Math.min(rank, MAX_RANK) - 1) / 2 + jitter / 4);
  return Math.max(heardAt + patience, ...tended.values());
}

/** What takes a while has two workers: whoever is next says so, and the others see that. */
function standsByAt({ since, tended, jitter }: Place, { rank, leaseMs }: Turn): number {
  const [, second = since] = [...tended.values()].sort((a, b) => b - a);
  return Math.max(since + leaseMs / 2, second) + (leaseMs * (Math.min(rank, MAX_SLOTS) + jitter)) / SLOTS;
}

const MAX_RANK = 4;
/** Of a lease; each is time enough to hear that somebody stands by. */
const SLOTS = 20;
const MAX_SLOTS = 8;
