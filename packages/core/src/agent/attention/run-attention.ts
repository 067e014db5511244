import type { AgentState } from '../../records.ts';
import type { Audience } from './audience.ts';
import type { AttentionPolicy, AttentionReport } from './policy.ts';

/** Holds one run's stream back while nobody watches. */
export interface RunAttention {
  /** Undefined where nothing is held back; else resolves when the next chunk may be asked for. */
  ready(): Promise<void> | undefined;
  readonly report: AttentionReport;
  close(): void;
}

export interface RunAttentionOptions {
  readonly audience: Audience;
  readonly policy: AttentionPolicy;
  /** How much was written so far, in characters. */
  readonly written: () => number;
  /** Tells observers what the agent is doing. */
  readonly state: (state: AgentState) => void;
  /** Ends the run. */
  readonly stop: (reason: string) => void;
  /** Milliseconds that only rise. */
  readonly now: () => number;
}

const AFTER_MS = 60_000;
const CHUNKS_PER_SECOND = 2;

type Hold = 'slowed' | 'paused';

export function attendRun(options: RunAttentionOptions): RunAttention {
  const { audience, policy, written, state, stop, now } = options;
  const { whenUnwatched, afterMs = AFTER_MS, chunksPerSecond = CHUNKS_PER_SECOND } = policy;
  const began = now();
  const beganAt = written();
  const spent = { unwatched: 0, slowed: 0, paused: 0 };
  /** What is going on, and since when. */
  let hold: { readonly as: Hold; readonly since: number; readonly from: number } | undefined;
  let unwatchedSince: number | undefined;
  let writtenWhileHeld = 0;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiters = new Set<() => void>();

  /** When nobody has been there for so long that the policy applies; undefined while somebody is. */
  const due = (): number | undefined =>
    audience.emptySince === undefined ? undefined : Math.max(audience.emptySince, began) + afterMs;
  const isHeld = (): boolean => (due() ?? Infinity) <= now();

  const end = (): void => {
    if (hold === undefined) return;
    spent[hold.as] += now() - hold.since;
    writtenWhileHeld += written() - hold.from;
    hold = undefined;
  };
  const begin = (as: Hold): void => {
    if (hold !== undefined) return;
    hold = { as, since: now(), from: written() };
    if (as === 'paused') state({ doing: 'waiting', for: 'person' });
  };
  const look = (): void => {
    clearTimeout(timer);
    if (audience.emptySince !== undefined) unwatchedSince ??= now();
    else if (unwatchedSince !== undefined) {
      spent.unwatched += now() - unwatchedSince;
      unwatchedSince = undefined;
    }
    const at = due();
    if (at === undefined) {
      if (hold?.as === 'paused') state({ doing: 'streaming' });
      end();
      for (const waiter of waiters) waiter();
    } else if (at > now()) timer = setTimeout(look, at - now());
    else if (whenUnwatched === 'stop' && !isStopped) {
      isStopped = true;
      stop('nobody was watching');
    } else if (whenUnwatched === 'slow') begin('slowed');
  };
  /** Resolves when somebody comes, or after so many milliseconds. */
  const watched = (ms?: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        waiters.delete(done);
        clearTimeout(limit);
        resolve();
      };
      const limit = ms === undefined ? undefined : setTimeout(done, ms);
      waiters.add(done);
    });

  const unsubscribe = audience.subscribe(look);
  look();

  return {
    ready() {
      if (whenUnwatched === 'stop' || !isHeld()) return undefined;
      begin(whenUnwatched === 'slow' ? 'slowed' : 'paused');
      return watched(whenUnwatched === 'slow' ? 1000 / chunksPerSecond : undefined);
    },
    get report() {
      const held = hold === undefined ? 0 : now() - hold.since;
      const slowedMs = spent.slowed + (hold?.as === 'slowed' ? held : 0);
      const pausedMs = spent.paused + (hold?.as === 'paused' ? held : 0);
      const whileHeld = writtenWhileHeld + (hold === undefined ? 0 : written() - hold.from);
      const freeMs = now() - began - slowedMs - pausedMs;
      const pace = freeMs > 0 ? (written() - beganAt - whileHeld) / freeMs : 0;
      return {
        unwatchedMs: spent.unwatched + (unwatchedSince === undefined ? 0 : now() - unwatchedSince),
        slowedMs,
        pausedMs,
        stopped: isStopped,
        unaskedCharacters: Math.max(0, Math.round(pace * (slowedMs + pausedMs) - whileHeld)),
      };
    },
    close() {
      clearTimeout(timer);
      unsubscribe();
      for (const waiter of waiters) waiter();
    },
  };
}
