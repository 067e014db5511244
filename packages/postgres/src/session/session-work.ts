import { setTimeout as wait } from 'node:timers/promises';
import { ChannelError, createRandomId, isChannelError } from '@holdfast/channel';
import { encodeSerial } from '@holdfast/channel/engine';
import type { Connection, Database } from '../connection/database.ts';
import { isTransient, toChannelError } from '../connection/errors.ts';
import type { Entry } from '../storage/message-row.ts';
import type { CommitGroup } from '../storage/commit-group.ts';
import type { Commit, Head, Store } from '../storage/store.ts';
import { after } from './changes.ts';
import type { Horizon } from './horizon.ts';
import { planJobs, wantedBy, type Job, type Known, type Plan, type Result, type Wanted } from './plan.ts';
import type { SessionWork } from './session-lane.ts';
import type { SessionState } from './session-state.ts';

export interface SessionWorkOptions {
  readonly channel: string;
  readonly database: Database;
  readonly store: Store;
  readonly group: CommitGroup;
  readonly horizon: Horizon;
  readonly now: () => number;
  readonly maxMessageBytes: number;
  readonly catchUpBytes: number;
  /** How long a transaction that Postgres took back is tried again, in milliseconds. */
  readonly retryMs: number;
  readonly stored: (head: Head) => void;
}

/** A commit on its way. */
interface Pending {
  readonly plan: Plan;
  readonly from: Head;
  readonly to: number;
  readonly token: string;
}

/** One try, and what it has sent. */
interface Attempt {
  pending?: Pending;
}

/** A commit whose answer was lost. */
interface Unanswered extends Pending {
  readonly error: ChannelError;
}

const FIRST_DELAY_MS = 5;
const MAX_DELAY_MS = 500;

/**
 * Plans in this process and stores in one statement, which does nothing where somebody else has stored meanwhile. Then
 * it is planned again under the lock on the session's row.
 */
export function createSessionWork(state: SessionState, options: SessionWorkOptions): SessionWork {
  const {
    channel,
    database,
    store,
    group,
    horizon,
    now,
    maxMessageBytes,
    catchUpBytes,
    retryMs,
    stored: told,
  } = options;

  const reader: Connection = { query: database.read };
  const plan = (jobs: readonly Job[], known: Known, { epoch, tick }: Head): Plan =>
    planJobs(jobs, known, { epoch, after: Math.max(after(tick), horizon.floor), now, maxMessageBytes });

  const sync = async (connection: Connection): Promise<void> => {
    const since = state.head?.tick ?? Number.MAX_SAFE_INTEGER;
    const changed = await store.changes(connection, channel, { since, whole: false, maxBytes: catchUpBytes });
    if (state.head === undefined) state.reset(changed);
    else state.advance(changed);
  };

  /** What is wanted, as of the head; undefined where the session is somewhere else already. */
  const know = async (
    connection: Connection,
    head: Head,
    { serials, ids, annotations }: Wanted,
  ): Promise<Known | undefined> => {
    const entries = new Map<string, Entry>();
    const missing: number[] = [];
    for (const tick of serials) {
      const serial = encodeSerial(tick);
      const entry = state.find(serial);
      if (entry === undefined) missing.push(tick);
      else entries.set(serial, entry);
    }
    if (missing.length + ids.length + annotations.length === 0) return { entries, annotations: [] };
    const loaded = await store.load(connection, channel, { serials: missing, ids, annotations });
    if (loaded?.epoch !== head.epoch || loaded.tick !== head.tick) return undefined;
    for (const entry of loaded.entries) {
      entries.set(entry.stored.message.serial, entry);
      state.keep(entry);
    }
    return { entries, annotations: loaded.annotations };
  };

  const commitOf = ({ plan: { writes }, ...rest }: Pending): Commit => ({ ...rest, channel, writes });

  const settle = ({ plan: planned, from, to }: Pending): readonly Result[] => {
    state.settle(planned, to);
    told({ epoch: from.epoch, tick: to });
    return planned.results;
  };

  /** Without the lock; undefined where that didn't do. */
  const storeAtOnce = async (
    jobs: readonly Job[],
    attempt: Attempt,
  ): Promise<readonly Result[] | undefined> => {
    const from = state.head;
    if (from === undefined) return undefined;
    // The statement itself looks for ids that must not be there.
    const wanted = wantedBy(jobs);
    const known = await know(reader, from, { ...wanted, ids: [], annotations: [] });
    if (known === undefined) return undefined;
    const planned = plan(jobs, known, from);
    // Why something is refused may depend on whether its id is there.
    if (wanted.ids.length + wanted.annotations.length > 0 && isRefusing(planned)) return undefined;
    if (planned.to === undefined) {
      // Nothing checks what this was planned on: it must be looked at.
      await sync(reader);
      return state.isAt(from) ? planned.results : undefined;
    }
    const pending = { plan: planned, from, to: planned.to, token: createRandomId() };
    attempt.pending = pending;
    return (await group.commit(commitOf(pending))) ? settle(pending) : undefined;
  };

  const storeLocked = async (
    jobs: readonly Job[],
    attempt: Attempt,
    unanswered: Unanswered | undefined,
  ): Promise<readonly Result[]> => {
    const done = await database.transaction(async (connection): Promise<Pending | readonly Result[]> => {
      const locked = await store.lock(connection, channel);
      state.expire(locked.floor);
      if (unanswered !== undefined && locked.token === unanswered.token) return unanswered;
      const from = unanswered?.from;
      const moved = from !== undefined && (from.epoch !== locked.epoch || from.tick !== locked.tick);
      if (!state.isAt(locked)) await sync(connection);
      // Others have stored since, perhaps on top of it.
      if (moved) return jobs.map(() => unanswered?.error ?? fault());
      const known = await know(connection, locked, wantedBy(jobs));
      if (known === undefined) throw fault();
      const planned = plan(jobs, known, locked);
      if (planned.to === undefined) return planned.results;
      const pending = { plan: planned, from: locked, to: planned.to, token: createRandomId() };
      attempt.pending = pending;
      const [stored] = await store.commit(connection, [commitOf(pending)]);
      if (stored !== true) throw fault();
      return pending;
    });
    return 'plan' in done ? settle(done) : done;
  };

  return {
    get head() {
      return state.head;
    },
    sync: () => sync(reader),
    async store(jobs) {
      const deadline = performance.now() + retryMs;
      let unanswered: Unanswered | undefined;
      for (let tries = 0; ; tries += 1) {
        const attempt: Attempt = {};
        try {
          const results =
            tries === 0 ? await storeAtOnce(jobs, attempt) : await storeLocked(jobs, attempt, unanswered);
          if (results !== undefined) return results;
        } catch (cause) {
          const error = toChannelError(cause);
          if (error.code === 'unknown_outcome' && attempt.pending !== undefined)
            unanswered = { ...attempt.pending, error };
          if (!isTransient(error) || performance.now() > deadline) throw unanswered?.error ?? error;
          await wait(Math.min(FIRST_DELAY_MS * 2 ** tries, MAX_DELAY_MS));
        }
      }
    },
  };
}

function isRefusing({ results }: Plan): boolean {
  return results.some((result) => isChannelError(result) || result.some(({ ok }) => !ok));
}

function fault(): ChannelError {
  return new ChannelError('internal', 'The session moved under its lock.');
}
