import { createRandomId } from '@holdfast/channel';
import type { Channel, Message, Serial } from '@holdfast/channel';
import { readBusy, readInboxRecord, writeBusy, writeSettled, writeWake } from '../../wakes/inbox-records.ts';
import type { RecordId, RunId } from '../../ids.ts';
import { persist } from '../persist.ts';
import type { Held } from '../sessions.ts';
import { createCrew } from './crew.ts';
import { followInbox } from './follow-inbox.ts';
import { createInboxFold } from './inbox-fold.ts';
import { createVisit, type Visit } from './visit.ts';

export interface ListenOptions {
  /** How long a session is kept open when there is nothing to do in it, in milliseconds. Default 30,000. */
  readonly idleMs?: number;
  /** How many sessions this process has open at most; what is beyond waits, or is done by another. Default 400. */
  readonly sessions?: number;
}

export interface ListeningOptions extends Required<ListenOptions> {
  /** The agent's inbox. */
  readonly channel: Channel;
  readonly agent: string;
  readonly leaseMs: number;
  readonly hold: (session: string, options: { readonly silentMs: number }) => Promise<Held>;
  readonly report: (error: unknown, session: string) => void;
}

/** One worker at an agent's inbox. */
export interface Listening {
  /** Resolves when it hears what comes. Rejects with a ChannelError. */
  readonly ready: Promise<void>;
  /** How long this worker leaves what waits in a session to the one that comes before it, in milliseconds. */
  yieldMs(session: string): number;
  /** Looks at no further session; others know that this worker goes. */
  stop(): void;
  /** Lets go of all sessions, and tells others which runs were left unfinished. */
  close(left: ReadonlyMap<string, readonly RunId[]>): Promise<void>;
}

/** What is known of a session that waits to be looked at. */
interface Place {
  /** When a wake, or a sign that somebody is at it, was last heard. */
  heardAt: number;
  readonly since: number;
  busyBy?: string;
  /** It couldn't be opened: not before this moment again. */
  retryAt: number;
  retries: number;
  /** Wakes out of history, by serial; a live one's record is still to come, or has just come. */
  readonly seen: Map<Serial, { readonly at: number; readonly isOld: boolean }>;
}

const BUSY_AT_A_TIME = 200;
const MAX_RANK = 4;
const RETRY_MS = 1_000;
const MAX_DOUBLINGS = 6;

export function openListening(options: ListeningOptions): Listening {
  const { channel, agent, leaseMs, idleMs, hold, report } = options;
  const worker = createRandomId();
  const fold = createInboxFold();
  const places = new Map<string, Place>();
  const visits = new Map<string, Visit>();
  const now = (): number => performance.now();
  let isOpen = true;
  let reading = 0;

  const placeOf = (session: string): Place => {
    const at = now();
    const place = places.get(session) ?? {
      heardAt: at,
      since: at,
      retryAt: 0,
      retries: 0,
      seen: new Map(),
    };
    places.set(session, place);
    return place;
  };
  const forget = (session: string): void => {
    if (fold.wakes(session).length === 0) places.delete(session);
  };

  /** How long this worker leaves a session to those before it. Each waits longer than the one before, so they don't all come. */
  const patience = (rank: number): number =>
    rank === 0 ? 0 : leaseMs * (1 + (Math.min(rank, MAX_RANK) - 1) / 2 + Math.random() / 4);

  const consider = (session: string): void => {
    if (!isOpen || reading > 0 || visits.has(session)) return;
    const place = placeOf(session);
    const silentMs = now() - place.heardAt;
    const rank = crew.rank(session);
    const isTended = place.busyBy !== undefined && crew.has(place.busyBy) && silentMs < leaseMs;
    // The next in line looks on, so that a lost process is missed at once.
    const standsBy = rank === 1 && now() - place.since > leaseMs / 2;
    const isLeft = isTended || silentMs < patience(rank);
    if ((isLeft && !standsBy) || now() < place.retryAt) return;
    if (visits.size >= options.sessions && !makeRoom()) return;
    visit(session, silentMs);
  };
  const considerAll = (): void => {
    for (const session of fold.sessions) consider(session);
  };
  /** Closes a session in which there is nothing to do. */
  const makeRoom = (): boolean => {
    const idle = [...visits.values()].find(({ isLingering }) => isLingering);
    idle?.end();
    return idle !== undefined;
  };

  const visit = (session: string, silentMs: number): void => {
    const made = createVisit({
      opening: hold(session, { silentMs }),
      idleMs: () => (crew.rank(session) > 0 ? 0 : idleMs),
      now,
      wakes() {
        const { seen } = placeOf(session);
        return fold.wakes(session).map((wake) => {
          const { at = now(), isOld = false } = seen.get(wake.serial) ?? {};
          return { ...wake, heardAt: at, isOld };
        });
      },
      settle(upTo) {
        const settled = fold.settle(session, upTo);
        forget(session);
        publish(() => channel.publish({ action: 'create', draft: writeSettled(settled) })).catch(
          (error: unknown) => report(error, session),
        );
      },
      ended(error) {
        visits.delete(session);
        if (error !== undefined) {
          const place = placeOf(session);
          place.retryAt = now() + RETRY_MS * 2 ** Math.min(place.retries, MAX_DOUBLINGS);
          place.retries += 1;
          report(error, session);
        }
        forget(session);
        // Something may have waited for room.
        if (visits.size + 1 >= options.sessions) considerAll();
      },
    });
    visits.set(session, made);
  };
  const pending = new Set<Promise<unknown>>();
  const publish = (work: () => Promise<unknown>): Promise<unknown> => {
    const done = persist(work).finally(() => pending.delete(done));
    pending.add(done);
    return done;
  };

  const crew = createCrew(channel, {
    agent,
    worker,
    changed() {
      // A newcomer's sessions are left to it, as soon as there is nothing to do in them.
      for (const [session, each] of visits) if (each.isLingering && crew.rank(session) > 0) each.end();
      considerAll();
    },
  });

  const take = (message: Message, isOld: boolean): void => {
    const record = readInboxRecord(message);
    if (record === undefined) return fold.pass(message.serial);
    const { session } = record;
    fold.apply(record);
    if (fold.wakes(session).length === 0) places.delete(session);
    else if (record.kind === 'wake') {
      const place = placeOf(session);
      place.heardAt = now();
      if (!place.seen.has(record.serial)) place.seen.set(record.serial, { at: now(), isOld });
    }
    visits.get(session)?.look();
    if (record.kind === 'wake') consider(session);
  };
  const following = (): ReturnType<typeof followInbox> =>
    followInbox(channel, {
      message: take,
      signal(signal) {
        const busy = readBusy(signal);
        if (busy === undefined || busy.worker === worker) return;
        for (const session of busy.sessions) {
          const place = places.get(session);
          if (place === undefined) continue;
          place.heardAt = now();
          place.busyBy = busy.worker;
        }
      },
      reading() {
        reading += 1;
        fold.beginReading();
      },
      read() {
        reading -= 1;
        fold.endReading();
        for (const session of places.keys()) forget(session);
        considerAll();
      },
      failed: (error) => report(error, channel.name),
    });

  const beat = (): void => {
    const sessions = [...visits.keys()].filter((session) => fold.wakes(session).length > 0);
    for (let at = 0; at < sessions.length; at += BUSY_AT_A_TIME) {
      const draft = writeBusy({ worker, sessions: sessions.slice(at, at + BUSY_AT_A_TIME) });
      // One that gets lost is followed by another.
      channel.signal(draft).catch(() => {});
    }
    considerAll();
  };
  const timer = setInterval(beat, leaseMs / 3);
  let inbox: ReturnType<typeof followInbox> | undefined;
  const ready = crew.ready.then(() => {
    if (!isOpen) return undefined;
    inbox = following();
    return inbox.ready;
  });
  ready.catch(() => {});

  return {
    ready,
    yieldMs: (session) => (visits.has(session) && crew.rank(session) > 0 ? leaseMs : 0),
    stop() {
      isOpen = false;
      crew.leave();
    },
    async close(left) {
      clearInterval(timer);
      for (const [session, runs] of left) {
        if (!visits.has(session) || runs.length === 0) continue;
        const operations = runs.map((run) => {
          const record = run as string as RecordId;
          return { action: 'create', draft: writeWake({ session, record, left: true }) } as const;
        });
        publish(() => channel.publish(operations)).catch((error: unknown) => report(error, session));
      }
      for (const each of visits.values()) each.end();
      await Promise.allSettled(pending);
      crew.close();
      inbox?.close();
    },
  };
}
