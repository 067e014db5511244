/** How long before its end a client is asked for a new token. */
const NOTICE_MS = 30_000;
/** The longest time that a timer can wait. */
const LONGEST_MS = 0x7fffffff;

/** Watches over the end of a token. */
export interface Expiry {
  /** Milliseconds since 1970; undefined for what doesn't end. */
  set(expires: number | undefined): void;
  close(): void;
}

export function createExpiry(
  now: () => number,
  { prompt, expire }: { readonly prompt: () => void; readonly expire: () => void },
): Expiry {
  let timers: ReturnType<typeof setTimeout>[] = [];
  const close = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  };
  return {
    set(expires) {
      close();
      if (expires === undefined) return;
      const left = Math.max(0, expires - now());
      if (left > NOTICE_MS) timers.push(setTimeout(prompt, Math.min(left - NOTICE_MS, LONGEST_MS)));
      if (left <= LONGEST_MS) timers.push(setTimeout(expire, left));
    },
    close,
  };
}
