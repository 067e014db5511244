import { createRandomId } from '@holdfast/channel';
import type { Channel, Message } from '@holdfast/channel';
import { readBusy, readInboxRecord, writeBusy, writeSettled, writeWake } from '../../wakes/inbox-records.ts';
import type { RecordId, RunId } from '../../ids.ts';
import { persist } from '../persist.ts';
import type { Held } from '../sessions.ts';
import { createCrew } from './crew.ts';
import { followInbox } from './follow-inbox.ts';
import { createInboxFold } from './inbox-fold.ts';
import { createPlace, dueAt, isTended, restMs, type Place } from './place.ts';
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

const BUSY_AT_A_TIME = 200;
const RETRY_MS = 1_000;
const MAX_DOUBLINGS = 6;
const LONGEST_MS = 3_600_000;

export function openListening(options: ListeningOptions): Listening {
  const { channel, agent, leaseMs, idleMs, hold, report } = options;
  const worker = createRandomId();
  const fold = createInboxFold();
  const places = new Map<string, Place>();
  const visits = new Map<string, Visit>();
  /** Workers that have been heard. */
  const known = new Set<string>();
  const now = (): number => performance.now();
  let isOpen = true;
  let reading = 0;

  const placeOf = (session: string): Place => {
    const place = places.get(session) ?? createPlace(now(), Math.random());
    places.set(session, place);
    return place;
  };
  const forget = (session: string): void => {
    if (fold.wakes(session).length > 0) return;
    clearTimeout(places.get(session)?.timer);
    places.delete(session);
  };

  const consider = (session: string): void => {
    if (!isOpen || reading > 0 || visits.has(session) || fold.wakes(session).length === 0) return;
    const place = placeOf(session);
    clearTimeout(place.timer);
    const rest = Math.min(...fold.wakes(session).map(restMs));
    // Its turns are counted from when it is due.
    if (rest > 0) place.since = place.heardAt = now() + rest;
    const left = dueAt(place, { rank: crew.rank(session), leaseMs }) - now();
    if (left > 0) place.timer = setTimeout(() => consider(session), Math.min(left + 1, LONGEST_MS));
    else if (visits.size < options.sessions || makeRoom()) {
      const isLate = now() - place.since > leaseMs / 2;
      visit(session, now() - place.heardAt);
      // Others need not come for that any more.
      if (isLate) tell([session]);
    }
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
          return { ...wake, heardAt: at, isOld: isOld || wake.notBefore !== undefined };
        });
      },
      departed() {
        const { tended, departed } = placeOf(session);
        // Where another one is at it, the run may be that one's.
        return isTended({ tended }, now()) ? [] : [...departed];
      },
      settle(upTo, resting) {
        const settled = fold.settle(session, upTo);
        forget(session);
        const drafts = [writeSettled(settled)];
        if (resting !== undefined) {
          // Looked at once in a while: what waits for long would keep a newcomer reading.
          const notBefore = Math.min(resting.until, Date.now() + LONGEST_MS);
          const record = resting.run as string as RecordId;
          drafts.unshift(writeWake({ session, record, left: false, notBefore }));
        }
        publish(() => channel.publish(drafts.map((draft) => ({ action: 'create', draft }) as const))).catch(
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
        else if (places.has(session)) consider(session);
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
    changed(gone) {
      for (const each of gone) known.delete(each.worker);
      for (const [session, { tended, departed }] of places)
        for (const { worker: other, clientId } of gone) {
          if (!tended.delete(other)) continue;
          departed.add(clientId);
          visits.get(session)?.look();
        }
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
    forget(session);
    if (fold.wakes(session).length > 0 && record.kind === 'wake') {
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
        if (!known.has(busy.worker)) {
          known.add(busy.worker);
          beat();
        }
        for (const session of busy.sessions) {
          const place = places.get(session);
          if (place === undefined) continue;
          place.heardAt = now();
          place.tended.set(busy.worker, now() + leaseMs);
          consider(session);
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

  const tell = (sessions: readonly string[]): void => {
    for (let at = 0; at < sessions.length; at += BUSY_AT_A_TIME) {
      const draft = writeBusy({ worker, sessions: sessions.slice(at, at + BUSY_AT_A_TIME) });
      // One that gets lost is followed by another.
      channel.signal(draft).catch(() => {});
    }
  };
  const beat = (): void => tell([...visits.keys()].filter(isDue));
  const isDue = (session: string): boolean => fold.wakes(session).some((wake) => restMs(wake) <= 0);
  /** Who is at something tells a newcomer at once. */
  const greet = (): void => void channel.signal(writeBusy({ worker, sessions: [] })).catch(() => {});
  const timer = setInterval(beat, leaseMs / 3);
  let inbox: ReturnType<typeof followInbox> | undefined;
  const ready = crew.ready.then(() => {
    if (!isOpen) return undefined;
    inbox = following();
    return inbox.ready.then(greet);
  });
  ready.catch(() => {});

  return {
    ready,
    yieldMs(session) {
      const place = places.get(session);
      // Whoever should come before this one and never did may be dead.
      const isAlone = place !== undefined && now() - place.since > leaseMs && !isTended(place, now());
      return visits.has(session) && crew.rank(session) > 0 && !isAlone ? leaseMs : 0;
    },
    stop() {
      isOpen = false;
      for (const { timer: due } of places.values()) clearTimeout(due);
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
