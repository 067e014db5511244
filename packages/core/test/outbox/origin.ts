import type { Locks } from '@holdfast/core/outbox';

/** The locks of one origin, as a browser has them: a page's go with the page. The genuine ones are tested in a browser. */
export interface Origin {
  open(): { readonly locks: Locks; close(): void };
}

export function createOrigin(): Origin {
  /** For each name: who has it, and who waits. */
  const lines = new Map<string, (() => void)[]>();

  /** Resolves when it is this one's turn, with what ends it. */
  const enter = async (name: string): Promise<() => void> => {
    const line = lines.get(name) ?? [];
    lines.set(name, line);
    await new Promise<void>((resolve) => {
      line.push(resolve);
      if (line.length === 1) resolve();
    });
    return () => {
      line.shift();
      if (line.length === 0) lines.delete(name);
      line[0]?.();
    };
  };

  return {
    open() {
      let close = (): void => {};
      const closed = new Promise<void>((resolve) => (close = resolve));
      const locks: Locks = {
        async request(name, { ifAvailable = false, signal }, work) {
          if (ifAvailable && lines.has(name)) return work(null);
          const leave = await enter(name);
          try {
            if (signal?.aborted !== true) await Promise.race([work({ name }), closed]);
          } finally {
            leave();
          }
        },
      };
      return { locks, close };
    },
  };
}
