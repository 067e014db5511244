/** How soon a probe must come back, in milliseconds; and how long at most after so many that did not. */
const FIRST_ECHO_MS = 1000;

/** Turns of connections come in bursts, and every session is compared after one. */
const HURRY_MS = 50;

export interface WatchOptions {
  readonly headCheckMs: number;
  readonly presenceLeaseMs: number;
  /** Whether anything was heard of the session since this was asked last. */
  readonly wasHeard: () => boolean;
  /** Has Redis tell all subscribers where the session stands. */
  readonly probe: () => Promise<unknown>;
  /** A probe was sent and not heard. */
  readonly unheard: () => void;
}

/**
 * Sees to it that a followed session is compared with Redis: when nothing was heard for a while, when a connection has
 * turned, and when a lease runs out.
 */
export interface Watch {
  /** A lease runs out in so many milliseconds; -1 for none. */
  expect(leaseMs: number): void;
  hurry(): void;
  stop(): void;
}

export function createWatch({ headCheckMs, presenceLeaseMs, wasHeard, probe, unheard }: WatchOptions): Watch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Infinity;
  let stopped = false;
  /** A probe is out; how long its echo may take. */
  let echoMs: number | undefined;
  /** When a lease runs out, as far as is known. */
  let lease = Infinity;

  const arm = (ms: number): void => {
    if (stopped || Date.now() + ms >= due) return;
    due = Date.now() + ms;
    clearTimeout(timer);
    timer = setTimeout(look, ms);
    timer.unref();
  };

  const look = (): void => {
    due = Infinity;
    const isHeard = wasHeard();
    const isLease = lease <= Date.now();
    if (isHeard && !isLease) {
      echoMs = undefined;
      return arm(Math.min(headCheckMs, lease - Date.now() + 1));
    }
    if (echoMs !== undefined && !isHeard) {
      unheard();
      echoMs = Math.min(2 * echoMs, headCheckMs);
    }
    echoMs ??= Math.min(FIRST_ECHO_MS, headCheckMs);
    lease = Infinity;
    const wait = echoMs;
    // A session that Redis can't be asked about is asked about again.
    probe().catch(() => {});
    arm(wait);
  };

  arm(headCheckMs);
  return {
    expect(leaseMs) {
      if (leaseMs < 0) return;
      lease = Math.min(lease, Date.now() + Math.min(leaseMs, presenceLeaseMs));
      arm(lease - Date.now() + 1);
    },
    hurry() {
      wasHeard();
      echoMs = undefined;
      arm(HURRY_MS * (0.5 + Math.random() / 2));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
