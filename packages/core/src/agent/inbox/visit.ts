import { isChannelError } from '@holdfast/channel';
import type { Serial } from '@holdfast/channel';
import type { RunId } from '../../ids.ts';
import type { Wake } from '../../wakes/inbox-records.ts';
import type { Attendance, Resting } from '../attendance.ts';
import type { Held } from '../sessions.ts';
import { restMs } from './place.ts';

/** A wake as this worker has heard it. */
export interface HeardWake extends Wake {
  /** On this process's monotonic clock, in milliseconds. */
  readonly heardAt: number;
  /** It was in the inbox before this worker came. */
  readonly isOld: boolean;
}

/** One session that a worker looks at: until there is nothing to do in it, and a while longer. */
export interface Visit {
  /** There is nothing to do. */
  readonly isLingering: boolean;
  /** Looks whether there is something to do, or to settle. */
  look(): void;
  /** Lets go of the session. */
  end(): void;
}

export interface VisitOptions {
  readonly opening: Promise<Held>;
  /** How long it is kept open when there is nothing to do. */
  readonly idleMs: () => number;
  readonly now: () => number;
  /** What the session was woken for and is not settled. */
  readonly wakes: () => readonly HeardWake[];
  /** Identities of workers that were at it and have left, where no other worker is at it. */
  readonly departed: () => readonly (string | undefined)[];
  /** What it was woken for is done; what rests is to be looked at again when its time is over. */
  readonly settle: (upTo: Serial, resting: Resting | undefined) => void;
  /** Called once; with what went wrong, if something did. */
  readonly ended: (error: unknown) => void;
}

/**
 * How long a wake waits for its record, in milliseconds. It is stored before the record, and again after it where that took
 * long; a record that never comes was refused, or the wake was forged.
 */
const GRACE_MS = 10_000;

/** Pages of history in which the record of a wake from before is looked for. */
const MAX_PAGES = 20;

export function createVisit({ opening, idleMs, now, wakes, departed, settle, ended }: VisitOptions): Visit {
  let held: Held | undefined;
  let isOpen = true;
  let isSearching = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLingering = false;
  let stop = (): void => {};
  const told = new Set<Serial>();
  const mourned = new Set<string | undefined>();
  const sought = new Set<Serial>();

  const end = (error?: unknown): void => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    stop();
    held?.release();
    ended(error);
  };
  const wait = (ms: number, then: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };

  const look = (): void => {
    if (!isOpen || held === undefined || isSearching) return;
    const { attendance } = held;
    if (!attendance.log.isOpen) return end(new Error('The session was closed under its agent.'));
    const due = wakes().filter(isDue);
    for (const { serial, left, record } of due)
      if (left && !told.has(serial)) {
        told.add(serial);
        attendance.left(record as string as RunId);
      }
    for (const clientId of departed())
      if (!mourned.has(clientId)) {
        mourned.add(clientId);
        attendance.agentLeft(clientId);
      }
    if (!attendance.isIdle) {
      clearTimeout(timer);
      isLingering = false;
      return;
    }
    if (due.length === 0) return linger();
    isLingering = false;
    const unknown = due.filter(({ record }) => !attendance.knows(record));
    const old = unknown.filter(({ isOld, serial }) => isOld && !sought.has(serial));
    if (old.length > 0) return void search(attendance, old);
    const until = Math.max(...unknown.map(({ heardAt }) => heardAt + GRACE_MS), 0);
    if (until > now()) return wait(until - now() + 1, look);
    const last = due.at(-1);
    if (last !== undefined) settle(last.serial, attendance.resting);
    linger();
  };
  const linger = (): void => {
    if (isLingering) return;
    isLingering = true;
    wait(idleMs(), () => end());
  };
  /** What a session was woken for while no worker was there may lie further back than its newest page. */
  const search = async ({ log, knows }: Attendance, old: readonly HeardWake[]): Promise<void> => {
    isSearching = true;
    for (const { serial } of old) sought.add(serial);
    try {
      for (let pages = 0; pages < MAX_PAGES && old.some(({ record }) => !knows(record)); pages += 1)
        if (!isOpen || !(await log.loadOlder())) break;
    } catch (error) {
      return end(error);
    } finally {
      isSearching = false;
    }
    look();
  };

  opening.then(
    (opened) => {
      held = opened;
      if (!isOpen) return opened.release();
      stop = opened.attendance.subscribe(look);
      look();
    },
    (error: unknown) => {
      const last = wakes().at(-1);
      // No such session, or not this agent's: trying again would change nothing.
      if (last !== undefined && isChannelError(error) && !error.retryable) settle(last.serial, undefined);
      end(error);
    },
  );
  return {
    get isLingering() {
      return isLingering;
    },
    look,
    end: () => end(),
  };
}

function isDue(wake: Wake): boolean {
  return restMs(wake) <= 0;
}
