import { setTimeout as wait } from 'node:timers/promises';
import type { Head } from '../storage/store.ts';

export interface HeadWatchOptions {
  /** Milliseconds until the next look, asked before each. */
  readonly intervalMs: () => number;
  readonly read: () => Promise<ReadonlyMap<string, Head>>;
  readonly notice: (heads: ReadonlyMap<string, Head>) => void;
}

/** Looks where sessions stand, so that a lost notification costs time and nothing else. */
export interface HeadWatch {
  /** Looks now. */
  wake(): void;
  close(): Promise<void>;
}

export function startHeadWatch({ intervalMs, read, notice }: HeadWatchOptions): HeadWatch {
  let open = true;
  let pause = new AbortController();
  const run = async (): Promise<void> => {
    while (open) {
      await wait(intervalMs(), undefined, { signal: pause.signal, ref: false }).catch(() => {});
      pause = new AbortController();
      if (!open) return;
      // What fails is tried again by the next look.
      await read().then(notice, () => {});
    }
  };
  const ended = run();
  return {
    wake: () => pause.abort(),
    async close() {
      open = false;
      pause.abort();
      await ended;
    },
  };
}
