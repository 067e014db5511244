import { createRandomId } from '@holdfast/channel';

/** What of the Web Locks this needs; `navigator.locks` has it. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    work: (lock: object | null) => Promise<void>,
  ): Promise<void>;
}

/** One open outbox, which others of the origin can tell from one that is gone. */
export interface Holder {
  readonly id: string;
  /** Resolves when others can tell that this one is there. */
  readonly held: Promise<void>;
  /**
   * Calls `take` when the holder with this id is gone: of those who wait for that, one at a time. Resolves after it where it is gone
   * already; else at once. Undefined where nobody can tell.
   */
  readonly inherit: ((from: string, take: () => Promise<void>) => Promise<void>) | undefined;
  release(): void;
}

/** The browser frees the lock of a page that goes, however it goes. */
export function createHolder(locks: Locks | undefined): Holder {
  const id = createRandomId();
  if (!locks) return { id, held: Promise.resolve(), inherit: undefined, release() {} };
  const leaving = new AbortController();
  const { signal } = leaving;
  const awaited = new Set<string>();
  let release = (): void => {};
  const gone = new Promise<void>((resolve) => (release = resolve));
  const held = new Promise<void>((resolve) => {
    const holding = locks.request(nameOf(id), {}, () => {
      resolve();
      return gone;
    });
    // Where locks are denied, entries may be sent by two: their ids make that harmless.
    holding.catch(() => resolve());
  });
  const wait = (from: string, take: () => Promise<void>): void => {
    if (awaited.has(from) || signal.aborted) return;
    awaited.add(from);
    locks
      .request(nameOf(from), { signal }, take)
      .catch(() => {})
      .finally(() => awaited.delete(from));
  };
  return {
    id,
    held,
    async inherit(from, take) {
      let isThere = true;
      const looked = locks.request(nameOf(from), { ifAvailable: true }, async (lock) => {
        if (lock === null) return;
        isThere = false;
        await take();
      });
      await looked.catch(() => {});
      if (isThere) wait(from, take);
    },
    release() {
      leaving.abort();
      release();
    },
  };
}

function nameOf(holder: string): string {
  return `holdfast:outbox:${holder}`;
}
